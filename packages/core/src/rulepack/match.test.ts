import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtInProblems } from './denials.ts';
import { allows, denies } from './glob.ts';
import { matchRulepacks } from './match.ts';
import { foldPath, unsafePath } from './path.ts';
import { added, changed, pack, renamed } from './sample-files.ts';

describe('globs', () => {
  test.each([
    ['docs/**', 'docs/a/b.md', true],
    ['docs/**', 'docs', true],
    ['docs/**', 'adocs/a.md', false],
    ['docs/*', 'docs/a/b.md', false],
    ['docs/', 'docs/a/b.md', true],
    ['/docs/', 'x/docs/a.md', false],
    ['docs/', 'x/docs/a.md', true],
    ['*.md', 'a/b/c.md', true],
    ['/*.md', 'a/b/c.md', false],
    ['/README.md', 'README.md', true],
    ['/README.md', 'docs/README.md', false],
    ['**/*.md', 'README.md', true],
    ['docs/**', 'docs/.hidden/a.md', true],
    ['docs/**', 'Docs/a.md', false],
    ['helm/*/values*.yaml', 'helm/shop/values-prod.yaml', true],
    ['helm/*/values*.yaml', 'helm/a/b/values.yaml', false],
    ['docs/**/*.{md,txt}', 'docs/a/b.txt', true],
    ['a[bc].md', 'ac.md', true],
    ['docs/**', 'docs/(x).md', true],
    ['docs/**', 'docs/[x]{y}!.md', true],
    ['docs/**', 'docs/\n.md', false],
  ])('%j allows %j: %s', (glob, path, expected) => {
    expect(allows(glob, path)).toBe(expected);
  });

  test.each([
    ['terraform/prod/**', 'terraform/PROD/main.tf', true],
    ['terraform/prod', 'terraform/prod/a/b.tf', true],
    ['secrets', 'a/Secrets/b.md', true],
    ['iam*.tf', 'x/IAM-roles.tf', true],
    ['*.tfstate', 'a/b.tfstate', true],
    ['stra\u00DFe', 'a/STRASSE/b', true],
    ['kelvin', 'a/\u212Aelvin', true],
    ['secret', 'a/\u017Fecret', true],
    ['docs/x', 'docs/xy', false],
    ['docs/[a-c].md', 'docs/B.md', true],
    ['*.tfstate', 'a/b\n.tfstate', true],
    ['*.tfstate', 'a/b\u2028.tfstate', true],
  ])('%j denies %j: %s', (glob, path, expected) => {
    expect(denies(glob, path)).toBe(expected);
  });

  const segment = fc.stringMatching(/^[a-zA-Z0-9._$-]{1,12}$/).filter((text) => !/^\.+$/.test(text));
  const path = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  test('a glob without wildcards allows its own path and no other', () => {
    fc.assert(
      fc.property(path, path, (a, b) => {
        expect(allows(`/${a}`, a)).toBe(true);
        expect(allows(`/${a}`, b)).toBe(a === b);
      }),
    );
  });

  test('what an allowing glob matches, the same glob denies, and all that is below too', () => {
    const derived = path.chain((name) => {
      const at = name.lastIndexOf('/') + 1;
      const [folder, last] = [name.slice(0, at), name.slice(at)];
      const globs = [
        `/${name}`,
        '**',
        `${folder}*`,
        `/${folder}**`,
        `*${last.slice(-1)}`,
        `**/${last}`,
        `?${last.slice(1)}`,
      ];
      return fc.record({ name: fc.constant(name), glob: fc.constantFrom(...globs) });
    });
    fc.assert(
      fc.property(derived, segment, ({ name, glob }, below) => {
        expect(allows(glob, name)).toBe(true);
        expect(denies(glob, name)).toBe(true);
        expect(denies(glob, `${name}/${below}`)).toBe(true);
      }),
    );
  });

  test('letter case and Unicode forms never get a path past a denying glob', () => {
    fc.assert(
      fc.property(path, fc.array(fc.boolean(), { minLength: 80, maxLength: 80 }), (name, upper) => {
        const twisted = name.replace(/./gs, (letter, at: number) => (upper[at] ? letter.toUpperCase() : letter));
        expect(denies(`/${name}`, twisted)).toBe(true);
        expect(denies(`/${name}`, twisted.normalize('NFD'))).toBe(true);
      }),
    );
  });
});

describe('paths', () => {
  test.each([
    ['docs/a\u202Eb.md'],
    ['docs/a\u200Bb.md'],
    ['docs/a\nb.md'],
    ['docs/a\u0000b.md'],
    ['docs/e\u0301.md'],
    ['docs\\..\\a.md'],
    ['docs/../a.md'],
    ['docs//a.md'],
    ['/docs/a.md'],
    ['docs/a.md.'],
    ['docs/a '],
    ['GITHUB~1/workflows/a.yml'],
    ['docs/a.md:stream'],
    ['docs/\uFFFD.md'],
    [''],
  ])('%j may mean different files to different readers', (path) => {
    expect(unsafePath(path)).toBeDefined();
  });

  test.each([
    ['docs/$(x) `y` "z".md'],
    ['docs/\u00E9.md'],
    ['docs/\u{1F600}.md'],
    ['docs/\u4E2D\u6587.md'],
    ['.slo/a.yml'],
    ['-rf'],
  ])('%j is one file', (path) => {
    expect(unsafePath(path)).toBeUndefined();
  });

  test('folding is stable, and forgets letter case and Unicode forms', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldPath(foldPath(text))).toBe(foldPath(text));
        expect(foldPath(text.toUpperCase())).toBe(foldPath(text));
        expect(foldPath(text.normalize('NFD'))).toBe(foldPath(text));
      }),
    );
  });
});

describe('what no rulepack can lift', () => {
  const everything = pack({ scenario: 'everything', allow_paths: ['**'], required_contexts: ['x'], relaxable: true });
  const codes = (...files: Parameters<typeof matchRulepacks>[0]): string[] =>
    matchRulepacks(files, [everything]).denials.map(({ code, subject }) => `${code} ${subject ?? ''}`);

  test.each([
    ['.github/workflows/a.yml'],
    ['.github/dependabot.yml'],
    ['.GitHub/workflows/a.yml'],
    ['.g\u0131thub/../.github/a.yml'],
    ['.obsgate.yml'],
    ['.obsgate-baseline.json'],
    ['.obsgate/l4.yml'],
    ['rulepack/safe-docs.yml'],
    ['RulePack/x.yml'],
    ['CODEOWNERS'],
    ['docs/CODEOWNERS'],
    ['docs/codeowners'],
    ['action.yml'],
    ['actions/x/action.yaml'],
    ['dist/index.js'],
    ['packages/a/dist/index.js'],
    ['.gitmodules'],
    ['sub/.gitattributes'],
    ['.git/hooks/pre-commit'],
    ['\uFF0Egithub/workflows/a.yml'],
  ])('%j', (path) => {
    expect(codes(added(path)).some((code) => code.startsWith('forbidden_path'))).toBe(true);
  });

  test('counts under both names of a rename, and for a removal', () => {
    expect(codes(renamed('.github/workflows/a.yml', 'docs/a.md'))).toEqual(['forbidden_path .github/workflows/a.yml']);
    expect(codes(renamed('docs/a.md', '.github/workflows/a.yml'))).toEqual(['forbidden_path .github/workflows/a.yml']);
    expect(codes(changed('CODEOWNERS', '* @a\n', null))).toEqual(['forbidden_path CODEOWNERS']);
  });

  test('names that only look alike are free', () => {
    expect(
      codes(
        added('docs/github/a.md'),
        added('docs/rulepacks.md'),
        added('distribution/a.md'),
        added('docs/CODEOWNERS.md'),
      ),
    ).toEqual([]);
  });

  test('covers the folder that the configuration names', () => {
    expect(builtInProblems([added('policy/x.yml')], './policy/').map(({ code }) => code)).toEqual(['forbidden_path']);
    expect(builtInProblems([added('policy/x.yml')])).toEqual([]);
    expect(builtInProblems([added('x.yml'), added('docs/x.yml')], '.').map(({ subject }) => subject)).toEqual([
      'x.yml',
    ]);
  });

  test.each([
    ['a symbolic link', added('docs/a', '../.github', '120000'), 'special_file docs/a'],
    ['a submodule', added('docs/a', 'x', '160000'), 'special_file docs/a'],
    [
      'a symbolic link that goes',
      { ...changed('docs/a', 'x', null), before: { mode: '120000', content: { kind: 'text', text: 'x' } } } as const,
      'special_file docs/a',
    ],
    ['a new executable file', added('docs/a.sh', 'x', '100755'), 'executable_mode docs/a.sh'],
    ['a file that becomes executable', changed('docs/a.sh', 'x', 'x', '100755'), 'executable_mode docs/a.sh'],
    ['an unheard-of mode', added('docs/a', 'x', '100664'), 'special_file docs/a'],
  ])('covers %s', (_name, file, code) => {
    expect(codes(file)).toEqual([code]);
  });

  test('leaves a file alone that was executable before', () => {
    const file = changed('docs/a.sh', 'x', 'y', '100755');
    expect(codes({ ...file, before: { mode: '100755', content: { kind: 'text', text: 'x' } } })).toEqual([]);
  });

  test('covers two files that are one where letter case does not count', () => {
    expect(codes(added('docs/Guide.md'), added('docs/guide.md'))).toEqual(['unsafe_path docs/Guide.md']);
  });
});

describe('the best match', () => {
  const docs = pack({ scenario: 'docs', allow_paths: ['docs/**'], priority: 10 });
  const all = pack({ scenario: 'all', allow_paths: ['**'], deny_paths: ['docs/private'], priority: 5 });

  test('is the scenario of the highest priority that every file fits', () => {
    const match = matchRulepacks([added('docs/a.md')], [all, docs]);
    expect(match.pack?.scenario).toBe('docs');
    expect(match.verdicts.map(({ pack: { scenario }, fits, why }) => [scenario, fits, why])).toEqual([
      ['docs', true, 'every changed file fits, and no other scenario that fits has a higher priority (10)'],
      ['all', true, 'it fits too, but docs has priority 10 > 5'],
    ]);
  });

  test('says of every other scenario which file and which glob kept it from fitting', () => {
    const match = matchRulepacks([added('docs/private/a.md'), added('x.md')], [all, docs]);
    expect(match.pack).toBeNull();
    expect(match.verdicts.map(({ pack: { scenario }, why }) => [scenario, why])).toEqual([
      ['docs', '"x.md" matches none of its allow_paths'],
      ['all', '"docs/private/a.md" is denied by "docs/private"'],
    ]);
    expect(match.problems.map(({ code }) => code)).toEqual(['no_scenario']);
  });

  test('among equals is the stricter, whatever order they come in', () => {
    const loose = pack({ scenario: 'a-loose', relaxable: true, required_contexts: ['x'] });
    const strict = pack({ scenario: 'b-strict' });
    for (const order of [
      [loose, strict],
      [strict, loose],
    ]) {
      const match = matchRulepacks([added('a.md')], order);
      expect(match.pack?.scenario).toBe('b-strict');
      expect(match.verdicts[1]?.why).toBe('it fits too, but b-strict has the same priority (0) and asks for more');
    }
  });

  test('does not depend on the order of files and scenarios', () => {
    const files = [added('docs/a.md'), added('docs/b.md'), renamed('docs/c.md', 'docs/d.md')];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(files, { minLength: 3 }),
        fc.shuffledSubarray([docs, all], { minLength: 2 }),
        (some, packs) => {
          expect(matchRulepacks(some, packs).pack?.scenario).toBe('docs');
        },
      ),
    );
  });

  test('is none for no file and for no rulepack', () => {
    expect(matchRulepacks([], [all])).toMatchObject({ pack: null, problems: [{ code: 'no_scenario' }] });
    expect(matchRulepacks([added('a')], [])).toMatchObject({ pack: null, problems: [{ code: 'no_scenario' }] });
  });

  test('a rename out of what is denied fits only where both names do', () => {
    expect(matchRulepacks([renamed('docs/private/a.md', 'docs/a.md')], [all]).pack).toBeNull();
    expect(matchRulepacks([renamed('x.md', 'docs/a.md')], [docs]).pack).toBeNull();
  });
});
