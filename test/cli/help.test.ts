import { describe, expect, test } from 'vitest';
import { runObsgate } from '../gate/run-obsgate.ts';

async function help(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runObsgate([...args, '--help'], {}, { env: { COLUMNS: '80' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

/** The commands that a help text lists. */
function commands(text: string): string[] {
  const listed = /^Commands:\n((?: .*\n)+)/m.exec(text)?.[1] ?? '';
  return [...listed.matchAll(/^ {2}([a-z][a-z0-9-]*)/gm)].flatMap((match) => match[1] ?? []);
}

async function commandPaths(path: readonly string[] = []): Promise<string[][]> {
  const found: string[][] = [];
  for (const name of commands(await help(...path))) {
    if (name !== 'help') found.push([...path, name], ...(await commandPaths([...path, name])));
  }
  return found;
}

const paths = await commandPaths();

test('the commands of the gate are there', () => {
  expect(paths.map((path) => path.join(' '))).toEqual(
    expect.arrayContaining([
      'gate',
      'promtool-check',
      'promql-unit',
      'heartbeat-rules-lint',
      'reload-dry-run',
      'smoke-query',
      'lint',
      'reload',
      'rulepack explain',
      'explain',
      'schema',
    ]),
  );
});

describe.each([[[]], ...paths.map((path) => [path])])('obsgate %j --help', (path: readonly string[]) => {
  test('shows usage, fits 80 columns, and shows no default that is none', async () => {
    const text = await help(...path);
    expect(text).toMatch(new RegExp(`^Usage: ${['obsgate', ...path].join(' ')} `));
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toMatch(/default: (\[\]|undefined)/);
  });
});

test('a stage offers its own options and not those of other stages', async () => {
  const text = await help('promql-unit');
  expect(text).toContain('--shard <i/n>');
  for (const foreign of ['--pushgateway', '--prometheus-url', '--base-ref', '--write-baseline'])
    expect(text).not.toContain(foreign);
});

test('the first help ends with examples and exit codes', async () => {
  expect((await help()).slice((await help()).indexOf('Examples:'))).toMatchInlineSnapshot(`
    "Examples:
      obsgate gate                     all five stages on this folder
      obsgate lint rules/              rule files without any configuration
      obsgate explain heartbeat/range  what a finding means

    Exit codes:
      0   pass
      1   fail
      2   wrong usage or configuration
      3   undecided: a tool, a server or a datum is missing
      70  a defect of Obsgate
    "
  `);
});

test('no command at all is wrong usage, and shows the help on standard error', async () => {
  const { code, stdout, stderr } = await runObsgate([], {});
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: obsgate /);
});
