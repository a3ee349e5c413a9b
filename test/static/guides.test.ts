import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseConfig } from '@obsgate/core/config';
import { gateRules, smokeSchema } from '@obsgate/core/gate';
import { parseInput } from '@obsgate/core/input';
import { lintRules } from '@obsgate/core/lint';
import { describe, expect, test } from 'vitest';
import { lintTexts } from '../../packages/core/src/lint/fixture.ts';
import { root } from './workflow-files.ts';

type Page = { readonly path: string; readonly text: string };

function page(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => page(`docs/${name.replaceAll('\\', '/')}`));
const guides = pages.filter(({ path }) => path.split('/').length === 2);

function captures(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

function withoutExamples(text: string): string {
  return text.replace(/^```.*?^```$/gms, '');
}

test.each(pages)('$path: its links lead to files', ({ path, text }) => {
  const links = captures(withoutExamples(text), /\]\((?!https?:)([^)#\s]+)[^)]*\)/g);
  expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

test.each(guides)('$path: the rules that it names exist', ({ text }) => {
  const known = new Set([...gateRules, ...lintRules].map(({ id }) => id));
  const areas = [...new Set([...known].map((id) => id.split('/')[0]))].join('|');
  const named = captures(withoutExamples(text), new RegExp(`[\`[]((?:${areas})/[a-z][a-z-]*)[\`\\]]`, 'g'));
  expect(named.filter((id) => !known.has(id))).toEqual([]);
});

describe('the YAML of the guides is accepted by what reads it', () => {
  const examples = guides.flatMap(({ path, text }) =>
    captures(text, /^```yaml\n(.*?)^```$/gms).map((yaml) => ({ path, yaml })),
  );
  const beginning = (pattern: RegExp): typeof examples => examples.filter(({ yaml }) => pattern.test(yaml));
  const configs = beginning(/^(prometheus|gate|realm):/);
  const smokeFiles = beginning(/^(profile|queries):/);
  const ruleFiles = beginning(/^groups:/);

  test('there are some of each kind', () => {
    expect([configs, smokeFiles, ruleFiles].map(({ length }) => length > 0)).toEqual([true, true, true]);
  });

  test.each(configs)('$path: a configuration', ({ yaml }) => {
    expect(() => parseConfig('.obsgate.yml', yaml)).not.toThrow();
  });

  test.each(smokeFiles)('$path: a smoke file', ({ yaml }) => {
    expect(parseInput(smokeSchema, 'smoke.yml', yaml).kind).toBe('ok');
  });

  test.each(ruleFiles)('$path: rules without findings', ({ yaml }) => {
    expect(lintTexts({ files: yaml, options: { scope: 'files' } })).toEqual([]);
  });
});
