import { chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { withTempDir } from '@obsgate/prometheus/process';
import { describe, expect, test } from 'vitest';
import { runObsgate, type ObsgateRun } from './run-obsgate.ts';
import { executable, versionScript } from '../toolchain/fake-tools.ts';
import { toolsForTests } from '../stand/tools.ts';

const { servers, missing } = await toolsForTests();
const newest = servers.at(-1);
if (newest === undefined) process.stderr.write(`bad input is not tested: ${missing.join('; ')}\n`);
const TOOLS = ['--promtool-path', newest?.promtool.path ?? '', '--prometheus-version', newest?.version ?? ''];

const OBSGATE = 'prometheus: { config: prometheus.yml }\n';
const CONFIG = 'rule_files: [rules/*.yml]\n';
const RULES = 'groups:\n  - name: g\n    rules:\n      - record: a:b\n        expr: up\n';
const SOUND = { '.obsgate.yml': OBSGATE, 'prometheus.yml': CONFIG, 'rules/a.yml': RULES };
const isRoot = process.getuid?.() === 0;

type Files = Readonly<Record<string, string | Uint8Array>>;

/** What no run may show, whatever it was given. */
function isClean({ stdout, stderr, left }: ObsgateRun): void {
  expect(left).toEqual([]);
  expect(`${stdout}${stderr}`).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(`${stdout}${stderr}`).not.toContain('internal error');
  expect(`${stdout}${stderr}`).not.toContain('obsgate-sandbox-');
  expect(`${stdout}${stderr}`).not.toContain('obsgate-gate-');
}

async function check(files: Files, prepare?: (root: string) => Promise<void>): Promise<ObsgateRun> {
  const run = await runObsgate(
    ['promtool-check', ...TOOLS, '--no-color'],
    files,
    prepare === undefined ? {} : { prepare },
  );
  isClean(run);
  return run;
}

/** The findings of a text report: rule, and place where it has one. */
function findings({ stdout }: ObsgateRun): string[] {
  return [...stdout.matchAll(/^error\[([\w/-]+)\] .*(?:\n {2}--> (\S+))?/gm)].map(([, rule = '', place = '']) =>
    `${rule} ${place}`.trim(),
  );
}

function utf16(text: string): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
}

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, index) => {
    const before = 'abcdefgh'[index];
    return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

describe.skipIf(newest === undefined)('a rule file', () => {
  const cases: readonly [name: string, content: string | Uint8Array, expected: readonly string[]][] = [
    ['that is empty', '', ['config/no-rules prometheus.yml', 'rules/no-rules rules/b.yml:1:1']],
    ['with a comment alone', '# nothing\n', ['config/no-rules prometheus.yml', 'rules/no-rules rules/b.yml:1:1']],
    [
      'that is binary',
      Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
      ['config/no-rules prometheus.yml', 'rules/unreadable prometheus.yml:1:14'],
    ],
    ['in UTF-16', utf16(RULES), ['config/no-rules prometheus.yml', 'rules/unreadable prometheus.yml:1:14']],
    [
      'with invalid UTF-8',
      Buffer.concat([Buffer.from(RULES), Buffer.from([0xc3, 0x28, 0x0a])]),
      ['config/no-rules prometheus.yml', 'rules/unreadable prometheus.yml:1:14'],
    ],
    [
      'that is indented with tabs',
      RULES.replace('    rules', '\trules'),
      ['config/no-rules prometheus.yml', 'rules/tab-indent rules/b.yml:3:1'],
    ],
    ['with a key twice', `${RULES}        expr: down\n`, ['rules/duplicate-key rules/b.yml:6:9']],
    ['that is an alias bomb', bomb, ['config/no-rules prometheus.yml', 'rules/alias-bomb rules/b.yml:1:1']],
    [
      'that is nested without end',
      `groups: ${'['.repeat(100_000)}\n`,
      ['config/no-rules prometheus.yml', 'rules/too-deep rules/b.yml:1:100008'],
    ],
    [
      'of 10 MB of text',
      `groups: [{ name: "${'x'.repeat(10 * 1024 * 1024)}", rules: [] }]\n`,
      ['config/no-rules prometheus.yml'],
    ],
    [
      'of 20 MB',
      `# ${'x'.repeat(20 * 1024 * 1024)}\n`,
      ['config/no-rules prometheus.yml', 'rules/unreadable prometheus.yml:1:14'],
    ],
  ];
  test.each(cases)('%s fails at its place with exit code 1', async (_, content, expected) => {
    const run = await check({ '.obsgate.yml': OBSGATE, 'prometheus.yml': CONFIG, 'rules/b.yml': content });
    expect(run.stderr).toBe('');
    expect(findings(run)).toEqual(expected);
    expect(run.code).toBe(1);
  });

  test('of 10 MB with as many rules as that makes is read to its end', async () => {
    const rules = Array.from(
      { length: 120_000 },
      (_, index) => `      - record: a:b${index}\n        expr: up{a="${'x'.repeat(30)}"}\n`,
    );
    const run = await check({ ...SOUND, 'rules/a.yml': `groups:\n  - name: g\n    rules:\n${rules.join('')}` });
    expect(findings(run)).toEqual([]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('120,000 rules');
  });

  test.each([
    ['a byte order mark', `\uFEFF${RULES}`],
    ['Windows line ends', RULES.replaceAll('\n', '\r\n')],
  ])('with %s passes with a remark', async (_, content) => {
    const run = await check({ ...SOUND, 'rules/a.yml': content });
    expect([run.code, findings(run)]).toEqual([0, []]);
    expect(run.stdout).toMatch(/^info\[rules\/(?:byte-order-mark|crlf)\]/m);
  });

  test('that is missing, a directory or outside of the repository is named at the entry', async () => {
    const run = await check({
      ...SOUND,
      'prometheus.yml':
        'rule_files:\n  - gone.yml\n  - folder\n  - ../*.yml\n  - /etc/prometheus/*.yml\n  - rules/*.yml\n',
      'folder/x.txt': '',
    });
    expect(findings(run)).toEqual([
      'config/unmatched-rule-files prometheus.yml:2:5',
      'config/rule-files-directory prometheus.yml:3:5',
      'config/outside-repository prometheus.yml:4:5',
      'config/unmapped-path prometheus.yml:5:5',
    ]);
    expect(run.code).toBe(1);
  });

  test('behind a loop of links, a link that leads out or a broken link is named at the entry', async () => {
    const run = await check({ ...SOUND, 'prometheus.yml': 'rule_files:\n  - rules/*.yml\n' }, async (root) => {
      await symlink('loop.yml', join(root, 'rules/loop.yml'));
      await symlink('/etc/passwd', join(root, 'rules/out.yml'));
      await symlink('nowhere.yml', join(root, 'rules/broken.yml'));
      await symlink('..', join(root, 'rules/up'));
    });
    expect(findings(run)).toEqual(Array.from({ length: 3 }, () => 'rules/unreadable prometheus.yml:2:5'));
    expect(run.stdout).not.toContain('root:');
    expect(run.code).toBe(1);
  });

  test.skipIf(isRoot)('that may not be read is named at the entry', async () => {
    const run = await check(SOUND, (root) => chmod(join(root, 'rules/a.yml'), 0));
    expect(findings(run)).toContain('rules/unreadable prometheus.yml:1:14');
    expect(run.code).toBe(1);
  });
});

describe.skipIf(newest === undefined)('a configuration', () => {
  test.each<[name: string, content: string | Uint8Array | undefined, expected: readonly string[]]>([
    ['that is missing', undefined, ['config/no-rules', 'config/unreadable prometheus.yml']],
    ['that is binary', Uint8Array.from([1, 0, 2]), ['config/no-rules', 'config/unreadable prometheus.yml']],
    ['that is empty', '', ['config/no-rules prometheus.yml']],
    ['that is a list', '- a\n', ['config/no-rules prometheus.yml', 'config/not-a-map prometheus.yml:1:1']],
    ['with an unknown field', `${CONFIG}globall: {}\n`, ['promtool/config prometheus.yml:2:1']],
    ['with a key twice', `${CONFIG}global: {}\nglobal: {}\n`, ['rules/duplicate-key prometheus.yml:3:1']],
    ['with a second document', `${CONFIG}---\nglobal: {}\n`, ['config/second-document prometheus.yml:3:1']],
    [
      'that is nested without end',
      '['.repeat(100_000),
      ['config/no-rules prometheus.yml', 'rules/too-deep prometheus.yml:1:100000'],
    ],
  ])('%s fails at its place with exit code 1', async (_, content, expected) => {
    const run = await check({
      '.obsgate.yml': OBSGATE,
      'rules/a.yml': RULES,
      ...(content === undefined ? {} : { 'prometheus.yml': content }),
    });
    expect(findings(run)).toEqual(expected);
    expect(run.code).toBe(1);
  });

  test('that is a directory fails with exit code 1', async () => {
    const run = await check({ '.obsgate.yml': OBSGATE, 'prometheus.yml/x': '' });
    expect(run.stdout).toContain('prometheus.yml cannot be read: it is a directory');
    expect(run.code).toBe(1);
  });

  test('with a second document is loaded by the sandboxes as a server loads it', async () => {
    const run = await runObsgate(['gate', '--stage', 'reload-dry-run,smoke-query', ...TOOLS], {
      ...SOUND,
      'prometheus.yml': `${CONFIG}---\n[`,
      'smoke/a.yml': 'queries: [{ name: one, expr: vector(1), expect: { op: "==", value: 1 } }]\n',
    });
    isClean(run);
    expect([run.code, findings(run)]).toEqual([0, []]);
  });

  test.each(['reload-dry-run', 'smoke-query'])('that is no YAML fails %s at its place', async (stage) => {
    const run = await runObsgate([stage, ...TOOLS], { ...SOUND, 'prometheus.yml': `${CONFIG}global: [\n` });
    isClean(run);
    expect(findings(run)).toContain(`${stage === 'smoke-query' ? 'smoke' : 'reload'}/incomplete prometheus.yml:3:1`);
    expect(run.code).toBe(1);
  });
});

describe('the settings', () => {
  test.each<[name: string, content: string | Uint8Array, expected: RegExp]>([
    [
      'an unknown key',
      'prometheus: { confg: x }\n',
      /^\.obsgate\.yml:1:15: unknown key "confg" \(in prometheus\); did you mean "config"\?\n$/,
    ],
    ['a key twice', 'realm: {}\nrealm: {}\n', /^\.obsgate\.yml:2:1: .+\n$/],
    ['tabs', 'realm:\n\tvalue: x\n', /^\.obsgate\.yml:2:1: .+\n/],
    ['nesting without end', '['.repeat(100_000), /^\.obsgate\.yml:1:100000: nested 100000 levels deep.*\n$/],
    ['an alias bomb', bomb, /^\.obsgate\.yml:1:1: .+\n$/],
    ['a NUL byte', Uint8Array.from([0]), /^\.obsgate\.yml: the configuration cannot be read: .+\n$/],
    ['a number without a unit', 'gate: { reload: { settle: 2 } }\n', /^\.obsgate\.yml:1:\d+: .+\n$/],
  ])('with %s end the run with exit code 2 and one line', async (_, content, expected) => {
    const run = await runObsgate(['gate'], { '.obsgate.yml': content });
    isClean(run);
    expect(run.stderr).toMatch(expected);
    expect([run.code, run.stdout]).toEqual([2, '']);
  });

  test('that are named and missing, and a repository that is none, end with exit code 2', async () => {
    for (const args of [
      ['--config', 'gone.yml'],
      ['gone'],
      ['.obsgate.yml'],
      ['--stage', 'promtol-check'],
      ['--format', 'xml'],
      ['--shard', 'x'],
    ]) {
      const run = await runObsgate(['gate', ...args], SOUND);
      isClean(run);
      expect([args, run.code, run.stdout, run.stderr.trim().split('\n').length]).toEqual([args, 2, '', 1]);
    }
  });
});

describe('the tools', () => {
  const NOWHERE = { PATH: '/nonexistent', OBSGATE_TOOLS: '' };

  test('that are nowhere are an error with the list of what was tried, and exit code 3', async () => {
    await withTempDir('obsgate-no-tools', async (empty) => {
      const env = { ...NOWHERE, OBSGATE_TOOLS: empty, OBSGATE_CACHE: join(empty, 'cache') };
      for (const stage of ['promtool-check', 'reload-dry-run', 'promql-unit']) {
        const files = {
          ...SOUND,
          'a_test.yml':
            'rule_files: [rules/a.yml]\ntests: [{ promql_expr_test: [{ expr: up, exp_samples: [{ value: 1 }] }] }]\n',
        };
        const run = await runObsgate([stage], files, { env });
        isClean(run);
        expect([stage, run.code]).toEqual([stage, 3]);
        expect(run.stdout).toMatch(
          /tool_unavailable \((?:promtool|prometheus)\): .* cannot be had on this machine; tried:\n/,
        );
        expect(run.stdout).toContain(`OBSGATE_TOOLS`);
      }
    });
  });

  test('of another version are an error that names both, unless drift is allowed, which warns', async () => {
    await withTempDir('obsgate-old', async (folder) => {
      const path = await executable(folder, 'promtool', versionScript('promtool', '2.50.0'));
      const env = { ...NOWHERE, OBSGATE_CACHE: join(folder, 'cache') };
      const run = await runObsgate(
        ['promtool-check', '--promtool-path', path, '--prometheus-version', '2.54.1'],
        SOUND,
        { env },
      );
      isClean(run);
      expect(run.code).toBe(3);
      expect(run.stdout).toContain('2.54.1');
      expect(run.stdout).toContain('2.50.0');
    });
  });

  test.skipIf(newest === undefined)('of a near version judge with a warning when drift is allowed', async () => {
    const env = { PATH: '/nonexistent', OBSGATE_TOOLS: newest?.promtool.path ?? '' };
    const run = await runObsgate(
      ['promtool-check', '--prometheus-version', '3.999.0', '--allow-version-drift'],
      SOUND,
      { env },
    );
    isClean(run);
    expect(run.stdout).toMatch(
      /^warning\[promtool\/version-drift\] promtool 3\.999\.0 cannot be had; \S+ judges in its place/m,
    );
    expect(run.code).toBe(0);
  });

  test('that are no tools are an error, not a pass', async () => {
    await withTempDir('obsgate-fake', async (folder) => {
      const env = { ...NOWHERE, OBSGATE_CACHE: join(folder, 'cache') };
      const scripts = [
        '#!/bin/sh\nexit 0\n',
        '#!/bin/sh\necho promtool, version 3.5.3\n',
        'no program',
        '#!/nonexistent\n',
      ];
      for (const [index, script] of scripts.entries()) {
        const path = await executable(join(folder, `${index}`), 'promtool', script);
        const run = await runObsgate(['promtool-check', '--promtool-path', path], SOUND, { env });
        isClean(run);
        expect([script, run.code]).toEqual([script, 3]);
      }
    });
  });

  test.skipIf(newest === undefined)(
    'that hang are ended at the deadline, with a reason and no child left',
    async () => {
      await withTempDir('obsgate-hang', async (folder) => {
        const marker = join(folder, 'children');
        await mkdir(marker);
        const real = newest?.promtool.path ?? '';
        const script = `#!/bin/sh\nif [ "$1" = test ]; then touch ${marker}/$$; exec sleep 300; fi\nexec ${real} "$@"\n`;
        const path = await executable(folder, 'promtool', script);
        const files = {
          ...SOUND,
          '.obsgate.yml': `${OBSGATE}gate: { promql_unit: { deadline: 1s } }\n`,
          'a_test.yml':
            'rule_files: [rules/a.yml]\ntests: [{ promql_expr_test: [{ expr: a:b, exp_samples: [{ value: 1 }] }] }]\n',
        };
        const run = await runObsgate(['promql-unit', '--promtool-path', path], files);
        isClean(run);
        expect(run.code).toBe(3);
        expect(run.stdout).toMatch(/deadline_exceeded \(test 1\): a_test\.yml: test 1: .*no answer within 1 s/);
        expect((await alive(marker)).length).toBe(0);
      });
    },
  );
});

/** Processes, by the marker files that carry their ids, that still run. */
async function alive(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((pid) => {
    try {
      process.kill(Number(pid), 0);
      return true;
    } catch {
      return false; // ESRCH: it has ended.
    }
  });
}

describe.skipIf(newest === undefined)('Ctrl-C', () => {
  test.each(['promtool-check', 'promql-unit', 'reload-dry-run', 'smoke-query'])(
    'ends the children of %s and removes every temporary folder',
    async (stage) => {
      await withTempDir('obsgate-interrupt', async (folder) => {
        const marker = join(folder, 'children');
        await mkdir(marker);
        const stub = (real: string): string =>
          `#!/bin/sh\ncase "$1" in --version|help|tsdb) exec ${real} "$@";; esac\ntouch ${marker}/$$\nexec sleep 300\n`;
        const path = await executable(folder, 'promtool', stub(newest?.promtool.path ?? ''));
        await executable(folder, 'prometheus', stub(newest?.prometheus.path ?? ''));
        const files = {
          ...SOUND,
          'a_test.yml':
            'rule_files: [rules/a.yml]\ntests: [{ promql_expr_test: [{ expr: a:b, exp_samples: [{ value: 1 }] }] }]\n',
        };
        const run = await runObsgate([stage, '--promtool-path', path], files, {
          interruptWhen: async () => (await readdir(marker)).length > 0,
        });
        isClean(run);
        expect([run.signal, run.code]).toEqual(['SIGINT', null]);
        await expect.poll(() => alive(marker), { timeout: 10_000 }).toEqual([]);
      });
    },
  );
});

describe.skipIf(newest === undefined)('hostile names', () => {
  const HOSTILE = [
    'a\nerror[fake/finding] all is well',
    'b\u001b[2J\u001b[31mred',
    'c$(touch pwned)`touch pwned`',
    'd\u202Ereversed',
    '-e',
    'f::error file=x::g',
    'g%0A%0D::stop-commands::x',
  ];

  test.each(['text', 'github', 'markdown', 'junit', 'sarif', 'json'])(
    'are shown without effect as %s',
    async (format) => {
      const names = HOSTILE.map((name) => JSON.stringify(name));
      const groups = names.map(
        (name) =>
          `  - name: ${name}\n    rules:\n      - alert: ${name}\n        expr: sum(\n        labels: { ${name}: ${name} }\n`,
      );
      const files: Record<string, string> = { ...SOUND, 'rules/a.yml': `groups:\n${groups.join('')}` };
      for (const name of HOSTILE) files[`rules/${name.replaceAll('/', '_')}.yml`] = 'groups: [\n';
      const run = await runObsgate(['promtool-check', ...TOOLS, '--format', format], files);
      isClean(run);
      expect(run.code).toBe(1);
      // A command of the runner stands at the start of a line.
      expect(run.stdout).not.toMatch(/^::(?!error|warning|notice|debug|group|endgroup)/m);
      expect(run.repository).not.toContain('pwned');
      // The other formats are data, which says what there is.
      if (format !== 'text' && format !== 'markdown') return;
      expect(run.stdout).not.toMatch(/^error\[fake\/finding\]/m);
      expect(run.stdout).not.toContain('\u001b[2J');
      expect(run.stdout).not.toContain('\u202E');
    },
  );
});
