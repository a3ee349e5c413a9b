/** How a scalar is written in YAML. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/**
 * For each UTF-16 code unit of a decoded scalar, the half-open span of the source that produced it.
 * Units of one escape share its span; a folded line break maps to the break.
 */
export type ScalarOffsets = { readonly from: Uint32Array; readonly to: Uint32Array };

/** The scalar as it stands in the source: `start` is its first character (a quote, `|` or `>` included). */
export type WrittenScalar = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly style: ScalarStyle;
  readonly value: string;
};

/**
 * Aligns a decoded scalar with its source. Undefined when the two do not agree, which a YAML reader and
 * this aligner only do on broken input: the caller then points at the whole scalar.
 */
export function scalarOffsets(scalar: WrittenScalar): ScalarOffsets | undefined {
  const { style, value } = scalar;
  const offsets = { from: new Uint32Array(value.length), to: new Uint32Array(value.length) };
  const aligned = style === 'block' ? alignBlock(scalar, offsets) : alignFlow(scalar, offsets);
  return aligned ? offsets : undefined;
}

type Writer = {
  /** Checks that `units` come next in the decoded value and notes their source span. */
  put(units: string, from: number, to: number): boolean;
  done(): boolean;
};

function writer(value: string, offsets: ScalarOffsets): Writer {
  let length = 0;
  return {
    put(units, from, to) {
      if (!value.startsWith(units, length)) return false;
      for (let index = 0; index < units.length; index++) {
        offsets.from[length] = from;
        offsets.to[length] = to;
        length++;
      }
      return true;
    },
    done: () => length === value.length,
  };
}

const BREAK = /[ \t]*(?:\r?\n[ \t]*)+/y;

/** Plain and quoted scalars: escapes, and line folding (https://yaml.org/spec/1.2.2/#65-line-folding). */
function alignFlow({ text, start, end, style, value }: WrittenScalar, offsets: ScalarOffsets): boolean {
  const out = writer(value, offsets);
  const last = style === 'plain' ? end : end - 1;
  let at = style === 'plain' ? start : start + 1;
  while (at < last) {
    const fold = matchAt(BREAK, text, at, last);
    if (fold !== undefined) {
      if (!putFold(out, text, at, at + fold.length)) return false;
      at += fold.length;
      continue;
    }
    const [units, length] = nextUnits(text, at, style);
    if (!out.put(units, at, at + length)) return false;
    at += length;
  }
  return out.done();
}

function matchAt(pattern: RegExp, text: string, at: number, last: number): string | undefined {
  const char = text.charCodeAt(at);
  if (char !== 32 && char !== 9 && char !== 10 && char !== 13) return undefined;
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  return found === undefined ? undefined : found.slice(0, last - at);
}

/** One line break is read as a space; n breaks are n - 1 line feeds. */
function putFold(out: Writer, text: string, from: number, to: number): boolean {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) breaks.push(at);
  const [first, ...rest] = breaks;
  if (first === undefined) return false;
  if (rest.length === 0) return out.put(' ', first, first + 1);
  return rest.every((at) => out.put('\n', at, at + 1));
}

function nextUnits(text: string, at: number, style: ScalarStyle): readonly [units: string, length: number] {
  const char = text.charAt(at);
  if (style === 'single' && char === "'") return ["'", 2];
  if (style === 'double' && char === '\\') return escapeAt(text, at);
  return [char, 1];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const LINE_CONTINUATION = /\\\r?\n[ \t]*/y;
const CODE_POINT = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
function escapeAt(text: string, at: number): readonly [units: string, length: number] {
  LINE_CONTINUATION.lastIndex = at;
  const continuation = LINE_CONTINUATION.exec(text)?.[0];
  if (continuation !== undefined) return ['', continuation.length];
  CODE_POINT.lastIndex = at;
  const match = CODE_POINT.exec(text);
  if (match !== null) {
    const code = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '', 16);
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '', match[0].length];
  }
  const next = text.charAt(at + 1);
  return [ESCAPES[next] ?? next, 2];
}

type Line = { readonly start: number; readonly end: number; readonly next: number };

/**
 * Block scalars: nothing is escaped, so each line's content stands in the value as it is written, without the
 * block's indentation; between lines stand the line feeds or spaces that folding leaves.
 */
function alignBlock({ text, start, end, value }: WrittenScalar, offsets: ScalarOffsets): boolean {
  // Nothing is ever said about a part of blanks, and what chomping leaves of them has no lines to tell it apart.
  if (value.trim() === '') return value === '';
  const header = text.indexOf('\n', start);
  if (header === -1 || header >= end) return value === '';
  const lines = linesOf(text, header + 1, end);
  const indents = lines
    .filter((line) => /[^ ]/.test(text.slice(line.start, line.end)))
    .map((line) => indentOf(text, line));
  const auto = indents[0] ?? 0;
  if (!/[1-9]/.test(text.slice(start, header).replace(/#.*/, ''))) return alignLines(text, lines, auto, value, offsets);
  // With an indentation indicator the first line may be indented deeper than the block: the value tells how deep.
  const least = Math.min(...indents);
  for (let indent = Number.isFinite(least) ? least : 0; indent >= 0; indent--) {
    if (alignLines(text, lines, indent, value, offsets)) return true;
  }
  return false;
}

function linesOf(text: string, from: number, end: number): Line[] {
  const lines: Line[] = [];
  for (let start = from; start < end;) {
    const feed = text.indexOf('\n', start);
    const next = feed === -1 ? end : feed + 1;
    const stop = feed === -1 ? end : text.charAt(feed - 1) === '\r' ? feed - 1 : feed;
    lines.push({ start, end: Math.max(start, stop), next });
    start = next;
  }
  return lines;
}

function indentOf(text: string, line: Line): number {
  let at = line.start;
  while (at < line.end && text.charAt(at) === ' ') at++;
  return at - line.start;
}

function alignLines(
  text: string,
  lines: readonly Line[],
  indent: number,
  value: string,
  offsets: ScalarOffsets,
): boolean {
  let length = 0;
  let breaks: Line[] = [];
  const separate = (pattern: string): void => {
    for (let count = 0; count < breaks.length && isOneOf(pattern, value.charAt(length)); count++, length++) {
      const line = breaks[count];
      offsets.from[length] = line?.end ?? 0;
      offsets.to[length] = line?.next ?? 0;
    }
  };
  for (const line of lines) {
    const from = Math.min(line.start + indent, line.end);
    const content = text.slice(from, line.end);
    if (content !== '') {
      // A line that starts with a blank is never folded into a space.
      separate(content.startsWith(' ') || content.startsWith('\t') ? '\n' : ' \n');
      if (!value.startsWith(content, length)) {
        // Blanks beyond the text, such as those that chomping takes away.
        if (content.trim() !== '') return false;
        breaks.push(line);
        continue;
      }
      for (let index = 0; index < content.length; index++, length++) {
        offsets.from[length] = from + index;
        offsets.to[length] = from + index + 1;
      }
      breaks = [];
    }
    breaks.push(line);
  }
  separate('\n');
  return length === value.length;
}

function isOneOf(chars: string, char: string): boolean {
  return char !== '' && chars.includes(char);
}
