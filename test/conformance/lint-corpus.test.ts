import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultConfig } from '@obsgate/core/config';
import type { Finding } from '@obsgate/core/kernel';
import { lintRuleFiles, lintRuleIds, lintSettings, type LintScope } from '@obsgate/core/lint';
import { loadRuleFile } from '@obsgate/core/rules';
import { describe, expect, test } from 'vitest';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/rules/', import.meta.url));
const LARGE = fileURLToPath(new URL('../../../shared/corpus/promtool-testdata/rules_large.yml', import.meta.url));

const settings = lintSettings({ config: defaultConfig(), scrapeInterval: { ms: 15_000 }, ruleIds: lintRuleIds });

function lint(paths: readonly string[], root: string, scope: LintScope): readonly Finding[] {
  const files = paths.map((path) => loadRuleFile(path, readFileSync(root + path, 'utf8')));
  return lintRuleFiles(files, settings, { scope }).findings;
}

function told(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, file, range }) => `${rule} ${file}:${range?.line}`);
}

describe.skipIf(!existsSync(CORPUS))(`published rules (skipped when ${CORPUS} is absent)`, () => {
  const paths = existsSync(CORPUS)
    ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path))
    : [];

  test('are many', () => {
    expect(paths.length).toBeGreaterThan(200);
  });

  test.each(['files', 'project'] as const)('have no error, linted as %s', (scope) => {
    expect(told(lint(paths, CORPUS, scope).filter(({ severity }) => severity === 'error'))).toEqual([]);
  });

  test('are read by the grammar without a rest', () => {
    expect(told(lint(paths, CORPUS, 'files').filter(({ rule }) => rule === 'promql/unparsed'))).toEqual([]);
  });
});

test.skipIf(!existsSync(LARGE))(
  `ten thousand rules are linted without a finding (skipped when ${LARGE} is absent)`,
  () => {
    expect(told(lint([LARGE], '', 'files'))).toEqual([]);
  },
);
