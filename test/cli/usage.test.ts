import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runObsgate } from '../gate/run-obsgate.ts';
import { root } from '../static/workflow-files.ts';

const GOOD = 'groups:\n  - name: a\n    rules:\n      - record: job:up:sum\n        expr: sum by (job) (up)\n';
const BAD = GOOD.replace('sum by (job) (up)', 'sum by (job) (up');

describe('wrong usage ends with exit code 2 and says on standard error what was meant', () => {
  test.each([
    ['gat', "error: unknown command 'gat'\n(Did you mean gate?)\n(add --help for usage)\n"],
    ['gate --formt json', "error: unknown option '--formt'\n(Did you mean --format?)\n(add --help for usage)\n"],
    ['promql-unit --pushgateway', "error: unknown option '--pushgateway'\n(add --help for usage)\n"],
    [
      'gate --format jsn',
      '--format: unknown format "jsn"; did you mean json? Known: text, json, sarif, junit, markdown, github\n',
    ],
    [
      'gate --stage promtool',
      '--stage: unknown stage "promtool"; did you mean promtool-check? Known: promtool-check, promql-unit, heartbeat-rules-lint, reload-dry-run, smoke-query\n',
    ],
    [
      'gate --stage ,',
      '--stage: names no stage. Known: promtool-check, promql-unit, heartbeat-rules-lint, reload-dry-run, smoke-query\n',
    ],
    ['gate --output json=', '--output: "json=" names no file\n'],
    ['gate . two', "error: too many arguments for 'gate'. Expected 1 argument but got 2.\n(add --help for usage)\n"],
    ['lint', "error: missing required argument 'path'\n(add --help for usage)\n"],
    ['lint none.yml', 'none.yml: no such file or directory\n'],
    ['explain heartbeat/rang', 'there is no page for "heartbeat/rang"; did you mean heartbeat/range?\n'],
    ['reload', '--prometheus-url: name the running server\n'],
  ])('obsgate %s', async (line, message) => {
    const { code, stdout, stderr } = await runObsgate(line.split(' '), {});
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: message });
  });
});

test('the version is that of the package', async () => {
  const version = /"version": "(.*)"/.exec(readFileSync(join(root, 'package.json'), 'utf8'))?.[1] ?? 'none';
  for (const flag of ['--version', '-v']) expect((await runObsgate([flag], {})).stdout).toBe(`${version}\n`);
});

describe('reports', () => {
  test('a pass is exit code 0 and a fail is 1', async () => {
    expect(await runObsgate(['lint', 'a.yml'], { 'a.yml': GOOD })).toMatchObject({ code: 0, stderr: '' });
    expect(await runObsgate(['lint', 'a.yml'], { 'a.yml': BAD })).toMatchObject({ code: 1, stderr: '' });
  });

  test('quiet says nothing of a pass, and only errors of a fail', async () => {
    const pass = await runObsgate(['lint', '--quiet', 'a.yml'], { 'a.yml': GOOD });
    expect(pass).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const fail = await runObsgate(['lint', '--quiet', 'a.yml'], { 'a.yml': BAD });
    expect(fail.stdout).toContain('error[');
    expect(fail.stdout).not.toMatch(/^(warning|info)\[/m);
  });

  test('a pipe gets neither colours nor progress, whatever NO_COLOR says', async () => {
    for (const env of [{}, { NO_COLOR: '1' }]) {
      const { stdout, stderr } = await runObsgate(['lint', 'a.yml'], { 'a.yml': BAD }, { env });
      expect(stderr).toBe('');
      expect(stdout).toContain('--> a.yml:5');
      expect(stdout).not.toContain('\u001B');
    }
  });

  test('an expression that nobody can read is an error where no promtool judges it', async () => {
    const { stdout } = await runObsgate(['lint', 'a.yml'], { 'a.yml': BAD });
    expect(stdout).toContain('error[promql/unparsed]');
  });

  test('several are written whole into folders that are made, with the text beside them', async () => {
    const outputs = ['json', 'sarif', 'junit', 'markdown', 'github'].flatMap((format) => [
      '--output',
      `${format}=out/report.${format}`,
    ]);
    const { code, stdout, repository } = await runObsgate(['lint', ...outputs, 'a.yml'], { 'a.yml': BAD });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ fail: /m);
    expect(repository.toSorted()).toEqual(['a.yml', 'out']);
  });

  test('a file that cannot be written is wrong usage, and names the path', async () => {
    const ended = await runObsgate(['lint', '--output', 'json=a.yml/x.json', 'a.yml'], { 'a.yml': GOOD });
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.stderr).toMatch(/repository\/a\.yml\/x\.json: cannot be written: [A-Z]+: .*\n$/);
  });
});
