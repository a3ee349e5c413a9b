import type { Range } from '../kernel/index.ts';
import type { Located, RuleFile } from '../rules/index.ts';

/** One `# obsgate: disable=...` comment. */
export type Directive = {
  readonly file: RuleFile;
  /** The comment itself. */
  readonly comment: Range;
  readonly ids: readonly string[];
  readonly reason: string;
  /** The lines that it speaks for, both inclusive. */
  readonly lines: { readonly first: number; readonly last: number };
};

/** A comment that addresses obsgate but cannot be understood. */
export type BrokenDirective = { readonly file: RuleFile; readonly comment: Range; readonly text: string };

export type Directives = { readonly valid: readonly Directive[]; readonly broken: readonly BrokenDirective[] };

const ADDRESSED = /^#?\s*obsgate\s*:\s*(.*)$/s;
const DISABLE = /^(disable|disable-file)\s*=\s*([^\s,]+(?:\s*,\s*[^\s,]+)*)(?:\s+(.*))?$/s;

/**
 * Reads the comments of the files.
 *
 * `# obsgate: disable=rule[,rule] reason` speaks for the rule or group that starts on its line or on the next line
 * that is neither blank nor a comment; elsewhere, on a line of its own inside a rule, for that rule; behind other
 * text, for that line. `disable-file=` speaks for the whole file.
 */
export function readDirectives(files: readonly RuleFile[]): Directives {
  const valid: Directive[] = [];
  const broken: BrokenDirective[] = [];
  for (const file of files) {
    for (const comment of file.comments) {
      const addressed = ADDRESSED.exec(comment.value.trim())?.[1]?.trim();
      if (addressed === undefined) continue;
      const [, verb, ids, reason = ''] = DISABLE.exec(addressed) ?? [];
      if (verb === undefined || ids === undefined) {
        broken.push({ file, comment: comment.range, text: addressed });
        continue;
      }
      const lines = verb === 'disable-file' ? { first: 1, last: Infinity } : linesOf(file, comment);
      valid.push({ file, comment: comment.range, ids: ids.split(/\s*,\s*/), reason: reason.trim(), lines });
    }
  }
  return { valid, broken };
}

type Lines = Directive['lines'];

function linesOf(file: RuleFile, comment: Located<string>): Lines {
  const { line, column } = comment.range;
  const text = file.source.text.slice(file.source.lineStarts[line - 1] ?? 0).slice(0, column - 1);
  const alone = text.trim() === '';
  const target = alone ? nextLine(file, line) : line;
  return startingAt(file, target) ?? (alone ? enclosing(file, line) : undefined) ?? { first: target, last: target };
}

/** The first line after `line` that is neither blank nor a comment. */
function nextLine(file: RuleFile, line: number): number {
  const { text, lineStarts } = file.source;
  for (let next = line + 1; next <= lineStarts.length; next++) {
    const content = text.slice(lineStarts[next - 1], lineStarts[next]).trim();
    if (content !== '' && !content.startsWith('#')) return next;
  }
  return line;
}

function startingAt(file: RuleFile, line: number): Lines | undefined {
  for (const group of file.groups) {
    if (group.range.line === line) return { first: line, last: group.range.endLine };
    const rule = group.rules.find((item) => item.range.line === line);
    if (rule !== undefined) return { first: line, last: rule.range.endLine };
  }
  return undefined;
}

function enclosing(file: RuleFile, line: number): Lines | undefined {
  for (const group of file.groups) {
    for (const { range } of group.rules) {
      if (range.line <= line && line <= range.endLine) return { first: range.line, last: range.endLine };
    }
  }
  return undefined;
}
