/** The lines of one `rules:` list of a block-style file, found without parsing it. */
export type RuleList = {
  /** Line (from 1) of the `rules:` key. */
  readonly keyLine: number;
  /** Offsets where the parts begin; each part is a whole number of list items. */
  readonly parts: readonly number[];
  readonly end: number;
};

/** Small enough that a part's syntax tree dies young: ten times this costs 90 MB more and saves no time. */
const PART_CHARACTERS = 1 << 13;

type Line = { readonly start: number; readonly indent: number; readonly number: number };
type OpenList = { readonly keyLine: number; readonly indent: number; readonly parts: number[] };

/**
 * Finds the lists under `rules:` keys by indentation alone. It is a guess (the lines may stand inside a block
 * scalar), so whoever uses it must see every list claimed by a group, or read the file in one piece.
 */
export function findRuleLists(text: string): RuleList[] {
  const lists: RuleList[] = [];
  let key: { readonly line: number; readonly column: number } | undefined;
  let open: OpenList | undefined;
  let number = 1;
  for (let start = 0; start < text.length; number++) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? text.length : feed + 1;
    const line: Line = { start, indent: indentAt(text, start), number };
    start = next;
    if (isBlank(text, line, next)) continue;
    if (open !== undefined) {
      if (line.indent > open.indent) continue;
      if (line.indent === open.indent && isItem(text, line)) {
        if (line.start - (open.parts.at(-1) ?? 0) > PART_CHARACTERS) open.parts.push(line.start);
        continue;
      }
      lists.push({ keyLine: open.keyLine, parts: open.parts, end: line.start });
      open = undefined;
    } else if (key !== undefined && line.indent >= key.column && isItem(text, line)) {
      open = { keyLine: key.line, indent: line.indent, parts: [line.start] };
      key = undefined;
      continue;
    }
    const column = rulesKeyColumn(text.slice(line.start, next));
    key = column === undefined ? undefined : { line: number, column };
  }
  if (open !== undefined) lists.push({ keyLine: open.keyLine, parts: open.parts, end: text.length });
  return lists;
}

function indentAt(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
  return at - start;
}

function isBlank(text: string, { start, indent }: Line, next: number): boolean {
  const at = start + indent;
  const char = text.charCodeAt(at);
  return at >= next || char === 10 || char === 35 || (char === 13 && at + 2 === next);
}

function isItem(text: string, { start, indent }: Line): boolean {
  if (text.charCodeAt(start + indent) !== 45) return false;
  const after = text.charCodeAt(start + indent + 1);
  return after === 32 || after === 10 || after === 13;
}

function rulesKeyColumn(line: string): number | undefined {
  if (!line.includes('rules:')) return undefined;
  const match = /^( *(?:- +)?)rules:[ \t]*(?:#.*)?\r?\n?$/.exec(line);
  return match?.[1]?.length;
}
