import type { CST } from 'yaml';

export type TokenScan = {
  /** Nesting of collections at its deepest. */
  readonly depth: number;
  /** Offset of the collection that lies deepest. */
  readonly deepest: number;
  readonly comments: readonly { readonly offset: number; readonly text: string }[];
};

type Visit = { readonly token: CST.Token; readonly depth: number };

/**
 * Goes through the syntax tokens of a file without recursion, so that a hostile nesting is counted rather than
 * overflowing the stack (which in V8 can end the process without an exception).
 */
export function scanTokens(tokens: readonly CST.Token[]): TokenScan {
  let depth = 0;
  let deepest = 0;
  const comments: { offset: number; text: string }[] = [];
  const stack: Visit[] = tokens.map((token) => ({ token, depth: 0 }));
  const note = (list: readonly CST.Token[] | CST.SourceToken | undefined): void => {
    for (const token of Array.isArray(list) ? list : []) {
      if (token.type === 'comment') comments.push({ offset: token.offset, text: token.source });
    }
  };
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    const { token } = visit;
    if (token.type === 'comment') comments.push({ offset: token.offset, text: token.source });
    if ('start' in token) note(token.start);
    if ('end' in token) note(token.end);
    if (token.type === 'block-scalar') note(token.props);
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth: 0 });
    if (!('items' in token)) continue;
    const level = visit.depth + 1;
    if (level > depth) {
      depth = level;
      deepest = token.offset;
    }
    for (const item of token.items) {
      note(item.start);
      note(item.sep);
      if (item.key) stack.push({ token: item.key, depth: level });
      if (item.value) stack.push({ token: item.value, depth: level });
    }
  }
  return { depth, deepest, comments: comments.sort((a, b) => a.offset - b.offset) };
}
