import { offsetAt, type Duration, type Range, type SourceText } from '../../kernel/index.ts';
import type { RuleFile } from '../../rules/index.ts';

/** Rule files as text that a server loads: JSON, which is YAML too. */
type RuleText = { readonly name: string; readonly interval?: string; readonly rules: readonly object[] };

/**
 * The text of a rule file with another interval for the groups that name one, every other character as it was.
 *
 * @param text - What a server gets: the file's own text, or a plain rule file for a manifest.
 */
export function quickRuleText(file: RuleFile, text: string, interval: string): string {
  // A manifest's copy is ours: the lines of its groups are indented by four.
  if (file.format === 'crd') return text.replaceAll(/^ {4}interval: .*$/gm, `    interval: ${interval}`);
  const { source, groups } = file;
  const spans = groups.flatMap(({ interval: own }) => (own === undefined ? [] : [spanOf(source, own.range)]));
  const parts: string[] = [];
  let end = 0;
  // Groups that share an alias share its place.
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.start < end) continue;
    parts.push(source.text.slice(end, span.start), interval);
    end = span.end;
  }
  return parts.join('') + source.text.slice(end);
}

function spanOf(source: SourceText, range: Range): { readonly start: number; readonly end: number } {
  const start = offsetAt(source, { line: range.line, column: range.column });
  const end = offsetAt(source, { line: range.endLine, column: range.endColumn });
  if (start === undefined || end === undefined) throw new Error(`${source.path} has no line ${range.endLine}`);
  return { start, end };
}

/** Interval for copies that are evaluated at once: evaluating everything must take well under one interval (about 50 µs a rule). */
export function quickInterval(rules: number): Duration {
  return { ms: Math.max(1, Math.ceil(rules / 5000)) * 1000 };
}

export function groupsText(groups: readonly RuleText[]): string {
  return JSON.stringify({ groups });
}
