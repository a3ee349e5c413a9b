import type { Node } from 'yaml';
import { isSeq } from 'yaml';
import type { SourceText } from '../kernel/index.ts';
import type { Located } from './model.ts';
import { findRuleLists, type RuleList } from './rule-lists.ts';
import { whole, type Piece } from './piece.ts';
import { readYaml, type YamlFile } from './yaml-documents.ts';
import { nodeOf, type ListReader, type View } from './yaml-view.ts';

/** A file read piece by piece: its frame without the lists of rules, and each list when its group asks for it. */
export type Pieces = {
  readonly frame: YamlFile;
  readonly lists: ListReader;
  /** True when every list was claimed by a group and none held a surprise. */
  complete(): boolean;
  comments(): readonly Located<string>[];
};

/**
 * Reads a large file so that only a small part of its syntax tree exists at a time: the tree of 10,000 rules takes a
 * hundred times the memory of their text. Undefined when the file has no such lists.
 */
export function readPieces(source: SourceText): Pieces | undefined {
  // Tabs before content are an error in some places and harmless in others: the whole tree decides.
  if (/^ *\t/m.test(source.text)) return undefined;
  const lists = findRuleLists(source.text);
  if (lists.length === 0) return undefined;
  const frame = readYaml(source, framePiece(source.text, lists));
  const waiting = new Map(lists.map((list) => [list.keyLine, list]));
  const comments = [...frame.comments];
  let intact = true;
  const reader: ListReader = (keyLine, use) => {
    const list = waiting.get(keyLine);
    if (list === undefined) return false;
    waiting.delete(keyLine);
    for (const [index, start] of list.parts.entries()) {
      const part = readPart(source, start, list.parts[index + 1] ?? list.end);
      for (const comment of part.comments) comments.push(comment);
      intact &&= part.items !== undefined;
      for (const node of part.items ?? []) use(part.view, node);
    }
    return true;
  };
  return {
    frame,
    lists: reader,
    complete: () => intact && waiting.size === 0,
    comments: () => comments.sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column),
  };
}

type Part = {
  readonly items: readonly Node[] | undefined;
  readonly view: View;
  readonly comments: readonly Located<string>[];
};

function readPart(source: SourceText, start: number, end: number): Part {
  const file = readYaml(source, { text: source.text.slice(start, end), at: (offset) => start + offset });
  const [document, second] = file.documents;
  const anchors = document?.anchors ?? { resolve: () => undefined, bomb: false, findings: [] };
  const view: View = { source, anchors, findings: [], at: (offset) => start + offset, lists: undefined };
  const sound = second === undefined && document !== undefined && document.findings.length === 0;
  const list = sound ? nodeOf(view, document.contents) : undefined;
  const nodes = isSeq(list) ? list.items.map((item) => nodeOf(view, item)) : [undefined];
  const items = nodes.filter((node) => node !== undefined);
  return { items: items.length === nodes.length ? items : undefined, view, comments: file.comments };
}

/** The text without the lists, and the way from its offsets back to the file's. */
function framePiece(text: string, lists: readonly RuleList[]): Piece {
  let frame = '';
  let from = 0;
  const cuts: { readonly at: number; readonly removed: number }[] = [];
  let removed = 0;
  for (const { parts, end } of lists) {
    const start = parts[0] ?? end;
    frame += text.slice(from, start);
    removed += end - start;
    cuts.push({ at: frame.length, removed });
    from = end;
  }
  if (cuts.length === 0) return whole(text);
  return { text: frame + text.slice(from), at: (offset) => offset + removedBefore(cuts, offset) };
}

function removedBefore(cuts: readonly { readonly at: number; readonly removed: number }[], offset: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return cuts[low - 1]?.removed ?? 0;
}
