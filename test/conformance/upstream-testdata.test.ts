import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseCheckConfig, parseCheckRules, parseTestRules, type PromtoolMessage } from '@obsgate/core/promtool';
import { checkConfig, checkRules, type PromtoolRun, testRules } from '@obsgate/prometheus/promtool';
import type { Tool } from '@obsgate/prometheus/toolchain';
import { toolsForTests } from '../stand/tools.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/promtool-testdata', import.meta.url));
const present = existsSync(CORPUS);
const { servers, missing } = await toolsForTests();
if (!present) console.warn(`upstream's testdata is skipped: no ${CORPUS}`);
else if (servers.length === 0) console.warn(`upstream's testdata is skipped: ${missing.join('; ')}`);

type Command = 'config' | 'rules' | 'test';

/** Exit codes as measured: one for all releases, or by release. The testdata is of a newer release than any of these. */
const EXPECTED: readonly (readonly [Command, string, number | Readonly<Record<string, number>>])[] = [
  ['config', 'authorization_credentials_file.bad.yml', 1],
  ['config', 'authorization_credentials_file.good.yml', 0],
  ['config', 'config_with_rule_files.yml', 1],
  ['config', 'config_with_service_discovery_files.yml', 0],
  ['config', 'config_with_tls_files.yml', 1],
  ['config', 'features.yml', 1],
  ['config', 'prometheus-config.bad.yml', 1],
  ['config', 'prometheus-config.good.yml', 0],
  ['config', 'prometheus-config.lint.yml', 0],
  ['config', 'prometheus-config.rules.good.yml', 1],
  ['config', 'url_in_alert_targetgroup_with_relabel_config.bad.yml', 1],
  ['config', 'url_in_alert_targetgroup_with_relabel_config.good.yml', 0],
  ['config', 'url_in_scrape_targetgroup_with_relabel_config.bad.yml', 1],
  ['config', 'url_in_scrape_targetgroup_with_relabel_config.good.yml', 0],
  ['rules', 'at-modifier.yml', 0],
  ['rules', 'bad-promql.yml', 1],
  ['rules', 'bad-rules-syntax.yml', 1],
  ['rules', 'negative-offset.yml', 0],
  ['rules', 'prometheus-rules.lint.yml', 3],
  ['rules', 'rules-bad.yml', 1],
  ['rules', 'rules.yml', 0],
  ['rules', 'rules_duplicates.yml', 3],
  ['rules', 'rules_extrafields.yml', 1],
  ['test', 'at-modifier-test.yml', 0],
  ['test', 'bad-input-series.yml', 1],
  ['test', 'bad-rules-error-test.yml', 1],
  ['test', 'bad-rules-syntax-test.yml', 1],
  ['test', 'failing.yml', 1],
  ['test', 'long-period.yml', 0],
  ['test', 'negative-offset-test.yml', 0],
  ['test', 'no-test-group-interval.yml', { '2.42.0': 1, '2.53.3': 0, '3.5.3': 0 }],
  ['test', 'rules_run_no_fuzzy.yml', 1],
  ['test', 'unittest.yml', { '2.42.0': 1, '2.53.3': 1, '3.5.3': 0 }],
];

function runOn(command: Command, tool: Tool, file: string): Promise<PromtoolRun> {
  if (command === 'config') return checkConfig(tool, file, { cwd: CORPUS });
  if (command === 'rules') return checkRules(tool, [file], { cwd: CORPUS, lintFatal: true });
  return testRules(tool, [file], { cwd: CORPUS });
}

/** What the parsers make of a run: whether anything is wrong, and every message of it. */
function read(command: Command, file: string, run: Extract<PromtoolRun, { kind: 'ran' }>) {
  if (command === 'test') {
    const report = parseTestRules(run, file);
    const messages: PromtoolMessage[] = report.failed.flatMap((entry) => [...entry.messages]);
    return {
      messages,
      wrong: report.failed.length,
      explained: report.failed.flatMap((entry) => entry.failures).length,
    };
  }
  const report = command === 'rules' ? parseCheckRules(run) : parseCheckConfig(run);
  const verdicts = 'files' in report ? report.files : [...(report.config ? [report.config] : []), ...report.ruleFiles];
  const bad = verdicts.filter(({ verdict }) => verdict !== 'ok');
  return { messages: bad.flatMap((verdict) => [...verdict.messages]), wrong: bad.length, explained: 0 };
}

describe.skipIf(!present).each(servers.map(({ version, promtool }) => ({ version, promtool })))(
  "upstream's testdata with promtool $version",
  ({ version, promtool }) => {
    test.each(EXPECTED)('%s %s', async (command, file, expected) => {
      const run = await runOn(command, promtool, file);
      if (run.kind === 'failed') throw new Error(run.message);
      expect(run.kind).toBe('ran');
      const wanted = typeof expected === 'number' ? expected : expected[version];
      if (wanted !== undefined) expect(run.exitCode, run.stderr).toBe(wanted);
      const { messages, wrong, explained } = read(command, file, run);
      // A failure is never without a message, and a success without one that says otherwise.
      if (run.exitCode === 0 && command !== 'config') expect(wrong).toBe(0);
      if (run.exitCode !== 0) expect(messages.length + explained, run.stderr).toBeGreaterThan(0);
    });
  },
);
