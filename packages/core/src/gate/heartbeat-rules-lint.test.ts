import { describe, expect, test } from 'vitest';
import { defaultConfig, parseConfig, type Config } from '../config/index.ts';
import { ConfigError, finding, type Finding } from '../kernel/index.ts';
import { loadRuleFile } from '../rules/index.ts';
import { heartbeatRulesLint } from './heartbeat-rules-lint.ts';
import type { ReadResult } from './ports.ts';
import type { Project } from './project.ts';
import { stageReport } from './report.ts';

const SWITCH = `groups:
  - name: meta
    rules:
      - alert: Watchdog
        expr: up
`;
const QUIET = 'gate: { lint: { baseline: base.json, rules: { heartbeat/none: "off" } } }';

type Given = {
  readonly rules?: string;
  readonly config?: Config;
  readonly baseline?: ReadResult;
  readonly findings?: readonly Finding[];
};

function project({ rules, config, baseline, findings }: Given): Project {
  const missing: ReadResult = { kind: 'unreadable', reason: 'missing', detail: 'no such file' };
  return {
    config: config ?? parseConfig('.obsgate.yml', QUIET),
    files: { read: async () => baseline ?? missing, list: async () => [] },
    prometheus: undefined,
    templated: new Set(),
    ruleFiles: rules === undefined ? [] : [loadRuleFile('rules.yml', rules)],
    findings: findings ?? [],
  };
}

async function outcome(given: Given): Promise<string> {
  const report = stageReport('heartbeat-rules-lint', await heartbeatRulesLint(project(given)), 0);
  return [report.outcome, ...report.reasons.map(({ code }) => code), ...report.findings.map(({ rule }) => rule)].join(
    ' ',
  );
}

const accepted = (entries: readonly unknown[]): ReadResult => ({
  kind: 'text',
  text: JSON.stringify({ schema: 'obsgate.baseline/1', findings: entries }),
});

describe('the stage', () => {
  test('passes when nothing is found', async () => {
    expect(await outcome({ rules: SWITCH.replace('expr: up', 'expr: vector(1)') })).toBe('pass');
  });
  test('fails on an error finding', async () => {
    expect(await outcome({ rules: SWITCH })).toBe('fail heartbeat/dead-man');
  });
  test('is an error when there is no rule at all', async () => {
    expect(await outcome({})).toBe('error nothing_to_check');
  });
  test('fails when no rule is a heartbeat, for then nothing was proved about any', async () => {
    expect(await outcome({ rules: SWITCH.replace('expr: up', 'expr: vector(1)'), config: defaultConfig() })).toBe(
      'fail heartbeat/none',
    );
  });
  test('fails on a file that cannot be read in full', async () => {
    expect(await outcome({ rules: `${SWITCH.replace('expr: up', 'expr: vector(1)')}        for: soon\n` })).toBe(
      'fail lint/incomplete',
    );
  });
  test('fails when an entry of the configuration names no file', async () => {
    const gap = finding({ rule: 'config/unmatched-rules-glob', severity: 'error', message: 'nothing', subject: 'x' });
    expect(await outcome({ rules: SWITCH.replace('expr: up', 'expr: vector(1)'), findings: [gap] })).toBe(
      'fail lint/incomplete',
    );
  });
  test('leaves rules that stand twice to the first stage', async () => {
    const twice = finding({ rule: 'rules/duplicate', severity: 'error', message: 'twice', subject: 'x' });
    expect(await outcome({ rules: SWITCH.replace('expr: up', 'expr: vector(1)'), findings: [twice] })).toBe('pass');
  });
});

describe('the baseline', () => {
  test('takes away what it accepts', async () => {
    const [found] = (await heartbeatRulesLint(project({ rules: SWITCH }))).findings ?? [];
    const entry = { fingerprint: found?.fingerprint, rule: found?.rule };
    expect(await outcome({ rules: SWITCH, baseline: accepted([entry]) })).toBe('pass');
  });
  test('that is absent accepts nothing', async () => {
    expect(await outcome({ rules: SWITCH })).toBe('fail heartbeat/dead-man');
  });
  test('that cannot be read makes the stage an error', async () => {
    const baseline: ReadResult = { kind: 'unreadable', reason: 'binary', detail: 'a NUL byte' };
    expect(await outcome({ rules: SWITCH, baseline })).toBe('error unreadable_input');
  });
  test('that is none is the fault of the user', async () => {
    await expect(outcome({ rules: SWITCH, baseline: { kind: 'text', text: '[]' } })).rejects.toThrow(ConfigError);
  });
});

test('facts say what was looked at', async () => {
  expect((await heartbeatRulesLint(project({ rules: SWITCH }))).facts).toMatchInlineSnapshot(`
    {
      "baseline": 0,
      "files": 1,
      "groups": 1,
      "heartbeat_rules": 0,
      "rules": 1,
      "scrape_interval": "unknown",
      "suppressed": 0,
      "tick": "1m",
    }
  `);
});
