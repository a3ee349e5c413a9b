import { expect, test } from 'vitest';
import { finding, type Finding } from '../../kernel/index.ts';
import type { FileVerdict, PromtoolMessage } from '../../promtool/index.ts';
import { toldTwice, withVerdict } from './told-once.ts';

function loaded(rule: string, line: number, severity: 'error' | 'info' = 'error'): Finding {
  const range = { line, column: 1, endLine: line, endColumn: 2 };
  return finding({ rule, severity, message: 'ours.', file: 'a.yml', range, subject: rule });
}

function verdict(...messages: PromtoolMessage[]): FileVerdict {
  return { file: 'a.yml', verdict: 'failed', messages };
}

const yaml: PromtoolMessage = { kind: 'yaml', message: 'mapping key "expr" already defined', line: 6 };
const promql: PromtoolMessage = { kind: 'promql', message: 'parse error' };

test('what both say is the finding of the loader at the same line, with the words of promtool', () => {
  const twice = toldTwice(verdict(yaml, promql), [loaded('rules/tab-indent', 2), loaded('rules/duplicate-key', 6)]);
  expect(twice?.finding.rule).toBe('rules/duplicate-key');
  expect([...(twice?.messages ?? [])]).toEqual([yaml]);
  expect(twice && withVerdict(twice, '3.5.3').message).toBe(
    'ours. [promtool 3.5.3: mapping key "expr" already defined]',
  );
});

test.each<[why: string, messages: PromtoolMessage[], findings: Finding[]]>([
  ['the loader found nothing', [yaml], []],
  ['the loader has but a remark', [yaml], [loaded('rules/crlf', 6, 'info')]],
  ['rules stand twice', [yaml], [loaded('rules/duplicate', 6)]],
  ['promtool speaks of an expression', [promql], [loaded('rules/duplicate-key', 6)]],
])('nothing is left out when %s', (_, messages, findings) => {
  expect(toldTwice(verdict(...messages), findings)).toBeUndefined();
});
