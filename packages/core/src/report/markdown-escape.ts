// Text from outside as GitHub-flavoured Markdown that shows the text and does nothing else.
// Spec: https://github.github.com/gfm/

/** Characters with a meaning in Markdown; each may be escaped by a backslash (https://spec.commonmark.org/0.31.2/#backslash-escapes). */
const MARKUP = /[\\`*_[\]|~$]/g;

/**
 * Text inside a paragraph, list item or table cell, on one line. Markup, HTML, mentions, references to issues and
 * bare addresses stay plain text.
 */
export function escapeMarkdown(text: string): string {
  return (
    oneLine(text)
      .replace(MARKUP, (character) => `\\${character}`)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // Mentions and references are looked for in the finished page, where a backslash is gone: an empty comment
      // parts them for good, and shows nothing.
      .replaceAll('@', '@<!-- -->')
      .replaceAll('#', '#<!-- -->')
      .replace(/\bGH-(?=\d)/gi, (match) => `${match}<!-- -->`)
      .replace(/\b(https?|ftp|mailto|xmpp):/gi, '$1<!-- -->:')
      .replace(/\bwww\./gi, 'www<!-- -->.')
      // A full commit SHA becomes a link of its own.
      .replace(/\b[0-9a-f]{40}\b/g, (sha) => `${sha.slice(0, 7)}<!-- -->${sha.slice(7)}`)
      // What starts a block at the start of a line: list markers, rules, headings.
      .replace(/^(\s*)([-=+])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])/, '$1\\$2')
  );
}

/** Text as a code span, on one line, for paragraphs and tables: the fence is longer than any run of backticks in it. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  // A pipe ends a table cell even inside a code span, unless it is escaped; a backslash before it would undo that.
  return line.includes('|') ? codeElement(line) : `${fence}${pad}${line}${pad}${fence}`;
}

/** Text as a fenced block; nothing inside it is interpreted. */
export function codeBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${visibleControls(text.replace(/\r\n?/g, '\n'))}\n${fence}`;
}

function codeElement(line: string): string {
  const escaped = line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[|\\`*_~[\]$@#!:]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${escaped}</code>`;
}

function oneLine(text: string): string {
  return visibleControls(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim());
}

/** Controls and bidirectional overrides as visible escapes; line ends and tabs stay. */
function visibleControls(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd').replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u{${character.charCodeAt(0).toString(16)}}`,
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
