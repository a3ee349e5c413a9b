import type { Finding, Range } from '../kernel/index.ts';
import type { RuleFile } from '../rules/index.ts';

/** Lines from `first` to `last`, both inclusive and counted from 1. */
export type LineRange = { readonly first: number; readonly last: number };

/** The lines that a change touched, by file. A pure deletion is given as the two lines around it. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[]>;

/**
 * Keeps the findings that a change can have caused: those whose rule (or, outside rules, whose range) it touched,
 * those without a place, and all of the rules that judge the repository as a whole (`projectRules`), for a deleted
 * alert is found at a line that nobody changed.
 */
export function onChangedLines(
  findings: readonly Finding[],
  files: readonly RuleFile[],
  changed: ChangedLines,
  projectRules: ReadonlySet<string>,
): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return findings.filter((item) => {
    if (projectRules.has(item.rule) || item.file === undefined) return true;
    const touched = changed.get(item.file) ?? [];
    if (item.range === undefined) return touched.length > 0;
    const { line, endLine } = enclosingRule(byPath.get(item.file), item.range) ?? item.range;
    return touched.some(({ first, last }) => first <= endLine && line <= last);
  });
}

function enclosingRule(file: RuleFile | undefined, range: Range): Range | undefined {
  for (const group of file?.groups ?? []) {
    const rule = group.rules.find((item) => item.range.line <= range.line && range.line <= item.range.endLine);
    if (rule !== undefined) return rule.range;
  }
  return undefined;
}
