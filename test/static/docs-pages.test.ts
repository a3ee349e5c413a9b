import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultConfig } from '@obsgate/core/config';
import { gateRules, loadProject, type RepositoryFiles } from '@obsgate/core/gate';
import { REASON_CODES } from '@obsgate/core/kernel';
import { lintRules } from '@obsgate/core/lint';
import { findDuplicates, loadRuleFile } from '@obsgate/core/rules';
import { describe, expect, test } from 'vitest';
import { root } from './workflow-files.ts';

/** Built to word the cause of a reason, never reported as a finding of its own. */
const NOT_REPORTED = new Set(['reload/copy']);

/** Ids that the code puts together, by the text of the template, and where their ends come from. */
const COMPUTED: Readonly<Record<string, (sources: string) => readonly string[]>> = {
  'rules/${rule}': (sources) => captures(sources, /\bproblem\(\s*\w+,\s*'([a-z-]+)'/g).map((end) => `rules/${end}`),
  'smoke/${kind}': () => ['smoke/missing', 'smoke/unexpected'],
  'smoke/api-${severity}': () => ['smoke/api-warning', 'smoke/api-info'],
};

type Page = { readonly id: string; readonly text: string };

function pages(folder: string): Page[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !name.endsWith('README.md'))
    .map((name) => ({ id: name.slice(0, -'.md'.length), text: readFileSync(join(root, folder, name), 'utf8') }));
}

const rulePages = pages('docs/rules');
const listed = [...gateRules, ...lintRules];

/** What raises findings; content rules of rulepacks have ids of their own kind. */
function readSources(): string {
  return ['packages/core/src', 'packages/prometheus/src']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|sample-report\.ts$|catalog\.ts$|^rulepack/.test(name))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    )
    .join('\n');
}

function captures(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

/** Every id that the sources give a finding: written out in a known area, or behind `rule:`, or put together. */
function idsOfSources(): Set<string> {
  const text = readSources();
  const areas = [...new Set(listed.map(({ id }) => id.split('/')[0]))].join('|');
  const written = captures(text, new RegExp(`'((?:${areas})/[a-z][a-z-]*)'`, 'g'));
  const behindRule = captures(text, /\brule: '([a-z]+\/[a-z-]+)'/g);
  const computed = captures(text, /\brule: `([^`]+)`/g).flatMap((template) => COMPUTED[template]?.(text) ?? [template]);
  return new Set([...written, ...behindRule, ...computed].filter((id) => !NOT_REPORTED.has(id)));
}

/** The first paragraph below the heading, on one line. */
function summaryOf({ text }: Page): string {
  return (text.split('\n\n')[1] ?? '').replace(/\s+/g, ' ').trim();
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

function examples(page: Page, kind: 'bad' | 'good'): string[] {
  return captures(page.text, new RegExp(`^\`\`\`yaml ${kind}\\n(.*?)^\`\`\`$`, 'gms'));
}

describe('the pages of the rules', () => {
  test('say of every id that a finding of the sources carries what it means', () => {
    const ids = idsOfSources();
    expect(ids.size).toBeGreaterThan(80);
    expect([...ids].filter((id) => !rulePages.some((page) => page.id === id))).toEqual([]);
  });

  test('are those of the catalogue and of the lint registry, no more and no fewer', () => {
    expect(rulePages.map(({ id }) => id).toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
  });

  test('stand for ids that the sources really use', () => {
    const ids = idsOfSources();
    expect(gateRules.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
  });

  test.each(listed)('$id: heading, summary and severity agree with the code', ({ id, summary, severity }) => {
    const page = rulePages.find((item) => item.id === id);
    expect(page?.text.split('\n')[0]).toBe(`# ${id}`);
    expect(page && plain(summaryOf(page))).toBe(plain(summary));
    expect(/^Severity: (error|warning|info)\b/m.exec(page?.text ?? '')?.[1]).toBe(severity);
  });
});

describe('the examples of the pages on rule files', () => {
  const shown = rulePages.filter((page) => page.id.startsWith('rules/') && examples(page, 'bad').length > 0);

  function found(text: string): string[] {
    const file = loadRuleFile('rules/example.yml', text);
    return [...file.findings, ...findDuplicates([file])].map(({ rule }) => rule);
  }

  test.each(shown)('$id: the bad one has the finding, the good one has none', (page) => {
    for (const text of examples(page, 'bad')) expect(found(text)).toContain(page.id);
    expect(examples(page, 'good').length).toBeGreaterThan(0);
    for (const text of examples(page, 'good')) expect(found(text)).toEqual([]);
  });
});

describe('the examples of the pages on the Prometheus configuration', () => {
  const shown = rulePages.filter((page) => page.id.startsWith('config/') && examples(page, 'bad').length > 0);
  const rule = 'groups:\n  - name: g\n    rules:\n      - record: one\n        expr: vector(1)\n';

  async function found(config: string): Promise<string[]> {
    const texts = new Map([
      ['prometheus/prometheus.yml', config],
      ['prometheus/rules/a.yml', rule],
      ['prometheus/rules/api/b.yml', rule.replace('one', 'two')],
      ['prometheus/rules/old/c.yml', rule.replace('one', 'three')],
    ]);
    const files: RepositoryFiles = {
      list: () => Promise.resolve([...texts.keys()]),
      read: (path) => {
        const text = texts.get(path);
        return Promise.resolve(
          text === undefined ? { kind: 'unreadable', reason: 'missing', detail: '' } : { kind: 'text', text },
        );
      },
    };
    return (await loadProject(files, defaultConfig())).findings.map((item) => item.rule);
  }

  test.each(shown)('$id: the bad one has the finding, the good one has none', async (page) => {
    for (const text of examples(page, 'bad')) expect(await found(text)).toContain(page.id);
    expect(examples(page, 'good').length).toBeGreaterThan(0);
    for (const text of examples(page, 'good')) expect(await found(text)).toEqual([]);
  });
});

describe('the pages of the reason codes', () => {
  const reasonPages = pages('docs/reasons');

  test('are those of the closed set, no more and no fewer', () => {
    expect(reasonPages.map(({ id }) => id).toSorted()).toEqual([...REASON_CODES].toSorted());
  });

  test.each(reasonPages)('$id: has its code as heading, a summary and what to do', (page) => {
    expect(page.text.split('\n')[0]).toBe(`# ${page.id}`);
    expect(summaryOf(page)).toMatch(/^[A-Z`].*\.$/);
    expect(page.text.trim().split('\n\n').length).toBeGreaterThan(2);
  });
});
