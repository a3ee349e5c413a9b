import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseBaseline } from './baseline.ts';
import { lintTexts, type LintFixture } from './fixture.ts';
import { lintRules } from './registry.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

type Example = { readonly language: string; readonly kind: string; readonly text: string };

function examplesOf(page: string): Example[] {
  return [...page.matchAll(/^```(yaml|json) (\w+)\n(.*?)^```$/gms)].map(([, language = '', kind = '', text = '']) => ({
    language,
    kind,
    text,
  }));
}

/** The findings of an example; a baseline is held against the rules of its page. */
function lint(
  example: Example,
  all: readonly Example[],
  options: Pick<LintFixture, 'only'> & { scope: 'project' | 'files' },
) {
  const { scope, only } = options;
  const fixture = { ...(only === undefined ? {} : { only }), options: { scope } };
  if (example.language === 'yaml') return lintTexts({ files: example.text, ...fixture });
  const rules = all.find((other) => other.kind === 'rules')?.text ?? '';
  const baseline = parseBaseline('baseline.json', example.text);
  return lintTexts({ files: rules, ...fixture, options: { scope, baseline } });
}

describe.each(lintRules.map((rule) => [rule.id, rule] as const))('the page of %s', (id, rule) => {
  const page = readFileSync(`${ROOT}${rule.docs}`, 'utf8');
  const examples = examplesOf(page);

  test('has the rule as its title, its summary and its severity', () => {
    expect(rule.docs).toBe(`docs/rules/${id}.md`);
    const [title, , summary] = page.split('\n');
    expect([title, summary?.replaceAll('`', '')]).toEqual([`# ${id}`, rule.summary.replaceAll('`', '')]);
    expect(page).toContain(`\nSeverity: ${rule.severity}`);
  });

  test('has examples, of which each bad one breaks the rule', () => {
    const bad = examples.filter(({ kind }) => kind === 'bad');
    expect(bad.length).toBeGreaterThan(0);
    for (const example of bad) expect(lint(example, examples, { only: id, scope: 'project' })).not.toEqual([]);
  });

  test('has good examples that break no rule', () => {
    const good = examples.filter(({ kind }) => kind === 'good');
    expect(good.length).toBeGreaterThan(0);
    for (const example of good) {
      expect(lint(example, examples, { only: id, scope: 'project' })).toEqual([]);
      expect(lint(example, examples, { scope: 'files' })).toEqual([]);
    }
  });
});

test('every page of the lint belongs to a rule', () => {
  const areas = new Set(lintRules.map(({ id }) => id.slice(0, id.indexOf('/'))));
  const pages = [...areas].flatMap((area) =>
    readdirSync(`${ROOT}docs/rules/${area}`).map((name) => `${area}/${name.replace(/\.md$/, '')}`),
  );
  expect(new Set(pages)).toEqual(new Set(lintRules.map(({ id }) => id)));
});
