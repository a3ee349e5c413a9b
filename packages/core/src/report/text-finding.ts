import type { Finding, Position, Severity } from '../kernel/index.ts';
import { codeFrame } from './code-frame.ts';
import { safeLine, safeLines } from './display-text.ts';
import type { RenderContext } from './options.ts';
import type { Paint, Tone } from './paint.ts';

export const SEVERITY_TONE: Readonly<Record<Severity, Tone>> = { error: 'red', warning: 'yellow', info: 'blue' };

export type TextContext = Pick<RenderContext, 'sources'> & { readonly paint: Paint; readonly width: number };

/** A finding in full: what, where, the code, what to write instead, and the other places it speaks of. */
export function findingText(finding: Finding, context: TextContext): string[] {
  const { paint, sources, width } = context;
  const tone = SEVERITY_TONE[finding.severity];
  const [first = '', ...more] = safeLines(finding.message);
  const out = [`${paint(`${finding.severity}[${safeLine(finding.rule)}]`, tone, 'bold')} ${paint(first, 'bold')}`];
  out.push(...more.map((line) => `  ${diffLine(line, paint)}`));
  if (finding.file !== undefined)
    out.push(`  ${paint('-->', 'dim')} ${paint(place(finding.file, finding.range), 'cyan')}`);
  const source = finding.file === undefined ? undefined : sources(finding.file);
  if (source !== undefined && finding.range !== undefined) {
    out.push(...codeFrame(source, finding.range, { paint, tone, width: width - 2 }).map((line) => `  ${line}`));
  }
  if (finding.help !== undefined) out.push(...labelled('help', finding.help, paint));
  for (const other of finding.related ?? []) {
    out.push(...labelled('see', `${place(other.file, other.range)}: ${other.message}`, paint));
  }
  return out;
}

/** A line of a difference in its colour: what was expected and what was there. */
export function diffLine(line: string, paint: Paint): string {
  if (/^\s*-/.test(line)) return paint(line, 'red');
  return /^\s*\+/.test(line) ? paint(line, 'green') : line;
}

/** A finding on one line, as compilers print it: `file:line:column: severity[rule] message`. */
export function findingLine(finding: Finding, paint: Paint): string {
  const where = finding.file === undefined ? '' : `${paint(place(finding.file, finding.range), 'cyan')}: `;
  const head = paint(`${finding.severity}[${safeLine(finding.rule)}]`, SEVERITY_TONE[finding.severity]);
  return `${where}${head} ${safeLine(finding.message)}`;
}

/** `file:line:column`, which terminals and editors make a link of. */
export function place(file: string, position: Position | undefined): string {
  const path = safeLine(file);
  return position === undefined ? path : `${path}:${position.line}:${position.column}`;
}

function labelled(label: string, text: string, paint: Paint): string[] {
  const [first = '', ...rest] = safeLines(text);
  return [
    `  ${paint(`= ${label}:`, 'bold')} ${first}`,
    ...rest.map((line) => `    ${' '.repeat(label.length + 1)}${line}`),
  ];
}
