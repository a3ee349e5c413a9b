import { expect, test } from 'vitest';
import type { SandboxCopy } from './sandbox-files.ts';
import type { LogLine } from './sandbox-port.ts';
import { loggedErrors } from './log-text.ts';

const DIRECTORY = '/tmp/sandbox/conf';
const copy: SandboxCopy = {
  files: new Map(),
  leftOut: [],
  repositoryPath: (file) => /\/repository\/(.+)$/.exec(file)?.[1],
};
const line = (level: LogLine['level'], error: string): LogLine => ({ level, message: 'message', error });

test('paths of the sandbox are those of the repository, with line and column', () => {
  const error = `parse rules from file "${DIRECTORY}/repository/rules/a.yml" (pattern: "${DIRECTORY}/repository/rules/*.yml"): ${DIRECTORY}/repository/rules/a.yml: 7:14: group "g", rule 1, "x": could not parse expression: 1:5: parse error`;
  expect(loggedErrors([line('error', error)], copy, DIRECTORY, 'prometheus.yml')).toEqual([
    {
      text: 'parse rules from file "rules/a.yml" (pattern: "rules/*.yml"): rules/a.yml: 7:14: group "g", rule 1, "x": could not parse expression: 1:5: parse error',
      file: 'rules/a.yml',
      range: { line: 7, column: 14, endLine: 7, endColumn: 14 },
    },
  ]);
});

test('the configuration has its own name again', () => {
  const error = `couldn't load configuration (--config.file="${DIRECTORY}/prometheus.yml")`;
  expect(loggedErrors([line('error', error)], copy, DIRECTORY, 'monitoring/prometheus.yml')[0]?.text).toBe(
    'couldn\'t load configuration (--config.file="monitoring/prometheus.yml")',
  );
});

test('what is no error is not told, and a panic outside the log is', () => {
  const lines = [
    line('info', 'a'),
    line('warn', 'b'),
    line('unknown', 'panic: c'),
    line('error', 'd'),
    line('error', 'd'),
  ];
  expect(loggedErrors(lines, copy, DIRECTORY, '').map(({ text }) => text)).toEqual(['panic: c', 'd']);
});
