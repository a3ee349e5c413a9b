/** An attribute's expression as it is written. */
export type HclAttribute = { readonly name: string; readonly value: string };

export type HclBlock = {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
  /** The block as it is written, from its type to its closing brace. */
  readonly text: string;
};

/** `nested` counts strings within templates within strings, of which each is a call deeper. */
type Cursor = { readonly text: string; at: number; nested: number };

class HclError extends Error {}

const MAX_DEPTH = 60;

/**
 * The blocks and attributes of Terraform's native syntax, expressions left as text; undefined when it cannot be read.
 * Syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function parseHcl(text: string): HclBlock | undefined {
  const cursor = { text, at: text.startsWith('\uFEFF') ? 1 : 0, nested: 0 };
  try {
    return { type: '', labels: [], ...readBody(cursor, 0), text };
  } catch (error) {
    if (error instanceof HclError) return undefined;
    throw error;
  }
}

/** The block and all blocks within it, outermost first. */
export function* allBlocks(block: HclBlock): Generator<HclBlock> {
  yield block;
  for (const inner of block.blocks) yield* allBlocks(inner);
}

/** The text of a plain string literal; undefined for any other expression. */
export function literal(expression: string): string | undefined {
  const match = /^"((?:[^"\\$%]|\\.|[$%](?!\{))*)"$/s.exec(expression.trim());
  return match?.[1]?.replace(/\\u([0-9a-fA-F]{4})|\\(.)/gs, (_, code: string | undefined, escaped: string) =>
    code === undefined ? escaped : String.fromCodePoint(Number.parseInt(code, 16)),
  );
}

function readBody(cursor: Cursor, depth: number): Pick<HclBlock, 'attributes' | 'blocks'> {
  if (depth > MAX_DEPTH) throw new HclError('too deep');
  const attributes: HclAttribute[] = [];
  const blocks: HclBlock[] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.at >= cursor.text.length) {
      if (depth > 0) throw new HclError('unclosed block');
      return { attributes, blocks };
    }
    if (cursor.text[cursor.at] === '}') {
      if (depth === 0) throw new HclError('stray }');
      cursor.at++;
      return { attributes, blocks };
    }
    const start = cursor.at;
    const name = readIdentifier(cursor);
    skipBlank(cursor);
    if (cursor.text[cursor.at] === '=' && cursor.text[cursor.at + 1] !== '=') {
      cursor.at++;
      attributes.push({ name, value: readExpression(cursor) });
    } else blocks.push(readBlock(cursor, name, start, depth));
  }
}

function readBlock(cursor: Cursor, type: string, start: number, depth: number): HclBlock {
  const labels: string[] = [];
  while (cursor.text[cursor.at] !== '{') {
    if (cursor.text[cursor.at] === '"') {
      const from = cursor.at;
      skipString(cursor);
      const text = cursor.text.slice(from, cursor.at);
      labels.push(literal(text) ?? text);
    } else labels.push(readIdentifier(cursor));
    skipBlank(cursor);
  }
  cursor.at++;
  const inner = readBody(cursor, depth + 1);
  return { type, labels, ...inner, text: cursor.text.slice(start, cursor.at) };
}

function readIdentifier(cursor: Cursor): string {
  const match = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
  match.lastIndex = cursor.at;
  const found = match.exec(cursor.text);
  if (found === null) throw new HclError('identifier expected');
  cursor.at = match.lastIndex;
  return found[0];
}

/** Up to the end of the line or the closing brace outside of all brackets. */
function readExpression(cursor: Cursor): string {
  const start = cursor.at;
  let open = 0;
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at] ?? '';
    if (open === 0 && (character === '\n' || character === '}')) break;
    if (skipComment(cursor)) continue;
    if (character === '"') skipString(cursor);
    else if (cursor.text.startsWith('<<', cursor.at)) skipHeredoc(cursor);
    else {
      if ('([{'.includes(character)) open++;
      if (')]}'.includes(character)) open--;
      cursor.at++;
    }
  }
  if (open !== 0) throw new HclError('unclosed bracket');
  return cursor.text.slice(start, cursor.at).trim();
}

function skipSpace(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && (/\s/.test(cursor.text[cursor.at] ?? '') || isComment(cursor))) {
    if (!skipComment(cursor)) cursor.at++;
  }
}

function skipBlank(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t' || cursor.text.startsWith('/*', cursor.at)) {
    if (!skipComment(cursor)) cursor.at++;
  }
}

function isComment({ text, at }: Cursor): boolean {
  return text[at] === '#' || text.startsWith('//', at) || text.startsWith('/*', at);
}

function skipComment(cursor: Cursor): boolean {
  if (!isComment(cursor)) return false;
  const long = cursor.text.startsWith('/*', cursor.at);
  const end = cursor.text.indexOf(long ? '*/' : '\n', cursor.at + (long ? 2 : 0));
  if (end === -1 && long) throw new HclError('unclosed comment');
  cursor.at = end === -1 ? cursor.text.length : end + (long ? 2 : 0);
  return true;
}

function skipString(cursor: Cursor): void {
  if (++cursor.nested > MAX_DEPTH) throw new HclError('too deep');
  cursor.at++;
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at];
    if (character === '"') {
      cursor.at++;
      cursor.nested--;
      return;
    }
    if (character === '\n') break;
    if (character === '\\') cursor.at += 2;
    else if (/^(\$\$|%%)\{/.test(cursor.text.slice(cursor.at, cursor.at + 3))) cursor.at += 3;
    else if ((character === '$' || character === '%') && cursor.text[cursor.at + 1] === '{') {
      cursor.at += 2;
      skipTemplate(cursor);
    } else cursor.at++;
  }
  throw new HclError('unclosed string');
}

function skipTemplate(cursor: Cursor): void {
  let open = 1;
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at];
    if (character === '"') {
      skipString(cursor);
      continue;
    }
    if (character === '{') open++;
    if (character === '}') open--;
    cursor.at++;
    if (open === 0) return;
  }
  throw new HclError('unclosed template');
}

function skipHeredoc(cursor: Cursor): void {
  const opening = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t\r]*\n/uy;
  opening.lastIndex = cursor.at;
  const word = opening.exec(cursor.text)?.[1];
  if (word === undefined) throw new HclError('bad heredoc');
  let line = opening.lastIndex;
  while (line < cursor.text.length) {
    const next = cursor.text.indexOf('\n', line);
    const end = next === -1 ? cursor.text.length : next;
    if (cursor.text.slice(line, end).trim() === word) {
      cursor.at = end;
      return;
    }
    line = end + 1;
  }
  throw new HclError('unclosed heredoc');
}
