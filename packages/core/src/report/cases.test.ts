import { expect, test } from 'vitest';
import { stageReport, type CaseReport } from '../gate/index.ts';
import { finding } from '../kernel/index.ts';
import { untoldCases } from './cases.ts';

const failed: CaseReport = {
  name: 'errors are counted',
  suite: 'tests/api_test.yml',
  file: 'tests/api_test.yml',
  outcome: 'fail',
  durationMs: 1,
  message: 'a at 1m: 1 expected, 1 found\n- {} 3\n+ {} 4',
};

function told(message: string, file: string | undefined, item: CaseReport = failed): boolean {
  const findings = [
    finding({ rule: 'unit/failed', severity: 'error', message, subject: '', ...(file === undefined ? {} : { file }) }),
  ];
  return untoldCases(stageReport('promql-unit', { findings, cases: [item] }, 1)).length === 0;
}

test('a case is told by findings of its file that say all that it says', () => {
  expect(told(`errors are counted: ${failed.message ?? ''}`, 'tests/api_test.yml')).toBe(true);
});

test('a case is not told by findings that say less, that are of another file, or when it says nothing', () => {
  expect(told('a at 1m: 1 expected, 1 found\n- {} 3', 'tests/api_test.yml')).toBe(false);
  expect(told(failed.message ?? '', 'tests/other_test.yml')).toBe(false);
  const { message: _, ...silent } = failed;
  expect(told('anything', 'tests/api_test.yml', silent)).toBe(false);
});

test('a case without a file is told by findings that name it', () => {
  const { file: _, ...query } = { ...failed, name: 'heartbeat_ok', message: 'the result is empty' };
  expect(told('heartbeat_ok: the result is empty.', undefined, query)).toBe(true);
  expect(told('heartbeat_fresh: the result is empty.', undefined, query)).toBe(false);
});

test('a case that passed is not among them', () => {
  expect(untoldCases(stageReport('promql-unit', { cases: [{ ...failed, outcome: 'pass' }] }, 1))).toEqual([]);
});
