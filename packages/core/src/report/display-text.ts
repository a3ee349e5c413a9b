// How many terminal columns a text takes, and which of its characters must never reach a terminal raw.

const TAB_WIDTH = 4;

/** East Asian wide and fullwidth blocks, https://www.unicode.org/reports/tr11/ (W and F, merged to blocks). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;

/**
 * C0, DEL and C1 controls move the cursor or start escape sequences; bidirectional controls make text read
 * otherwise than it is (CVE-2021-42574); line and paragraph separators break alignment.
 */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;

/** ASCII without controls: each unit is one column wide, nothing to escape. */
const PLAIN = /^[ -~]*$/;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text as it is shown, with the column (from 0) at which each UTF-16 unit of the original starts. */
export type DisplayText = { readonly text: string; readonly width: number; readonly columns: readonly number[] };

/** Escapes what a terminal would obey, expands tabs, and measures. One line only: a newline is escaped too. */
export function displayText(raw: string): DisplayText {
  if (PLAIN.test(raw)) {
    return { text: raw, width: raw.length, columns: Array.from({ length: raw.length + 1 }, (_, index) => index) };
  }
  let text = '';
  let width = 0;
  const columns: number[] = [];
  for (const { segment } of segmenter.segment(raw)) {
    const shown = segment === '\t' ? ' '.repeat(TAB_WIDTH - (width % TAB_WIDTH)) : escapeUnsafe(segment);
    for (let unit = 0; unit < segment.length; unit++) columns.push(width);
    text += shown;
    width += shown === segment ? graphemeWidth(segment) : shown.length;
  }
  columns.push(width);
  return { text, width, columns };
}

/** Columns that `text` takes once escaped. */
export function displayWidth(text: string): number {
  return displayText(text).width;
}

/** Pads `text` (already safe) with spaces to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Phrases set apart by commas, as lines of at most `width` columns where no single phrase is wider. */
export function wrapPhrases(phrases: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, phrase] of phrases.entries()) {
    const text = index === phrases.length - 1 ? phrase : `${phrase},`;
    if (line !== '' && displayWidth(`${line} ${text}`) > width) {
      lines.push(line);
      line = text;
    } else line = line === '' ? text : `${line} ${text}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** One line, safe on a terminal: line ends become a space, other controls visible escapes. */
export function safeLine(text: string): string {
  return displayText(text.replace(/\s*\r?\n\s*/g, ' ').trim()).text;
}

/** The lines of a text, each safe on a terminal. */
export function safeLines(text: string): string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => displayText(line).text);
}

function escapeUnsafe(segment: string): string {
  return UNSAFE.test(segment) ? Array.from(segment, escapeCharacter).join('') : segment;
}

function escapeCharacter(character: string): string {
  if (!UNSAFE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

function graphemeWidth(grapheme: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]+$/u.test(grapheme)) return 0;
  // U+FE0F asks for the emoji picture, which is two columns wide.
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}
