import { defaultConfig, parseConfig } from '../config/index.ts';
import type { Finding } from '../kernel/index.ts';
import { loadRuleFile, type RuleFile } from '../rules/index.ts';
import { lintRuleFiles, type LintOptions } from './engine.ts';
import { lintRuleIds } from './registry.ts';
import { lintSettings } from './settings.ts';

/** What a test lints: the text of one file, or of several by path, and the settings that differ from the default. */
export type LintFixture = {
  readonly files: string | Readonly<Record<string, string>>;
  /** Text of `.obsgate.yml`. */
  readonly config?: string;
  readonly options?: Partial<LintOptions>;
  /** Only findings of this rule are returned. */
  readonly only?: string;
};

/** Lints texts as a whole repository that is scraped every 15 seconds. Used by tests alone. */
export function lintTexts({ files, config, options, only }: LintFixture): readonly Finding[] {
  const texts = typeof files === 'string' ? { 'rules.yml': files } : files;
  const loaded = Object.entries(texts).map(([path, text]): RuleFile => loadRuleFile(path, text));
  const settings = lintSettings({
    config: config === undefined ? defaultConfig() : parseConfig('.obsgate.yml', config),
    scrapeInterval: { ms: 15_000 },
    ruleIds: lintRuleIds,
  });
  const { findings } = lintRuleFiles(loaded, settings, { scope: 'project', ...options });
  return only === undefined ? findings : findings.filter((item) => item.rule === only);
}

/** Findings as text: place, severity, the source under the range, message and help. */
export function rendered(findings: readonly Finding[], files: LintFixture['files']): string {
  return findings.map((item) => renderedOne(item, files)).join('\n');
}

function renderedOne({ file = '', range, severity, message, help }: Finding, files: LintFixture['files']): string {
  const text = typeof files === 'string' ? files : (files[file] ?? '');
  const lines = text.split('\n');
  const place = range === undefined ? '' : `${range.line}:${range.column}-${range.endLine}:${range.endColumn}`;
  const first = range === undefined ? '' : (lines[range.line - 1] ?? '');
  const end = range !== undefined && range.endLine === range.line ? range.endColumn - 1 : undefined;
  const marked = range === undefined ? '' : first.slice(range.column - 1, end);
  return `${place} ${severity} ⟦${marked}⟧\n  ${message}\n  help: ${help ?? '-'}`;
}

/** A file with one group of rules; each rule is given as its YAML, the first line without the dash. */
export function group(...rules: readonly string[]): string {
  const items = rules.map((rule) => `      - ${rule.trim().split('\n').join('\n        ')}\n`);
  return `groups:\n  - name: heartbeat\n    rules:\n${items.join('')}`;
}

/** A recording rule in one line of YAML each for its name and its expression. */
export function record(name: string, expr: string, labels?: string): string {
  return `record: ${name}\nexpr: ${JSON.stringify(expr)}${labels === undefined ? '' : `\nlabels: ${labels}`}`;
}

export function alert(name: string, expr: string, more = ''): string {
  return `alert: ${name}\nexpr: ${JSON.stringify(expr)}\n${more}`.trim();
}

/** What one lint rule says about a file, as text; nothing is the empty string. */
export function said(
  only: string,
  files: LintFixture['files'],
  more: Omit<LintFixture, 'files' | 'only'> = {},
): string {
  return rendered(lintTexts({ files, only, ...more }), files);
}
