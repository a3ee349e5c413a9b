import { parseMessages, unquote } from './message.ts';
import type { PromtoolMessage, PromtoolOutput } from './output.ts';
import { asides, failedBlocks, type FailedBlock, sectionsOf } from './sections.ts';

/** One assertion of a unit test that did not hold. Times are Prometheus durations since the start of the test. */
export type TestFailure =
  | {
      readonly kind: 'alert';
      /** Name of the test group, where it has one and the release prints it. */
      readonly group?: string;
      readonly alertname: string;
      readonly time: string;
      /** One entry per alert: `Labels:{…} Annotations:{…}`. Empty when no alert was expected or none fired. */
      readonly expected: readonly string[];
      readonly actual: readonly string[];
    }
  | {
      readonly kind: 'expr';
      readonly group?: string;
      readonly expr: string;
      readonly time: string;
      /** One entry per sample: `{__name__="up", job="a"} 1E+00`. Empty for promtool's `nil`. */
      readonly expected: readonly string[];
      readonly actual: readonly string[];
    }
  | {
      /** The expression could not be evaluated at all. */
      readonly kind: 'expr_error';
      readonly group?: string;
      readonly expr: string;
      readonly time: string;
      readonly message: string;
    };

export type TestFileReport = {
  /** Absent when the release prints no file names (2.55 and later) and several files were given. */
  readonly file?: string;
  readonly failures: readonly TestFailure[];
  /** What is not a failed assertion: a test file or rule file that cannot be read. */
  readonly messages: readonly PromtoolMessage[];
};

export type TestRulesReport = {
  readonly exitCode: number;
  /** One entry per file that failed; a passing file has none. */
  readonly failed: readonly TestFileReport[];
  /** WARNING lines (rule files that match nothing) and refusals of the command line. */
  readonly messages: readonly PromtoolMessage[];
};

/**
 * Reads the output of `promtool test rules FILE...` without `--diff`. Give `file` when only one was tested:
 * releases from 2.55 name none.
 */
export function parseTestRules(output: PromtoolOutput, file?: string): TestRulesReport {
  const headed = sectionsOf(output.stdout, /^Unit Testing: +(.+)$/);
  const failing = headed.filter(({ lines }) => !lines.some((line) => line.trim() === 'SUCCESS'));
  const blocks = failedBlocks(output.stderr);
  const failed = blocks.map((block, index) => {
    const named = failing.length === blocks.length ? failing[index]?.file : undefined;
    return fileReport(block, file ?? named);
  });
  return { exitCode: output.exitCode, failed, messages: asides(output) };
}

const START = /^ {4}(?:name: (.*),$|alertname: (.*), time: ([^,]+), *$|expr: ("(?:[^"\\]|\\.)*"), time: ([^,]+),(.*)$)/;

function fileReport({ inline, lines }: FailedBlock, file: string | undefined): TestFileReport {
  const failures: TestFailure[] = [];
  const other: string[] = inline === undefined ? [] : [inline];
  let group: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const start = START.exec(line);
    if (start === null) {
      other.push(line);
      continue;
    }
    if (start[1] !== undefined) {
      group = start[1];
      continue;
    }
    const end = nextStart(lines, index + 1);
    failures.push(readFailure(start, lines.slice(index + 1, end), group));
    // The name stands before one failure only.
    group = undefined;
    index = end - 1;
  }
  if (file === undefined) return { failures, messages: parseMessages(other, undefined) };
  // Rule files are named in their messages; what names no file is about the test file.
  const messages = parseMessages(other, undefined).map((message) => Object.assign({ file }, message));
  return { file, failures, messages };
}

function nextStart(lines: readonly string[], from: number): number {
  const found = lines.findIndex((line, index) => index >= from && /^(?: {0,4}\S|$)/.test(line));
  return found === -1 ? lines.length : found;
}

function readFailure(start: RegExpExecArray, body: readonly string[], group: string | undefined): TestFailure {
  const named = group === undefined ? {} : { group };
  if (start[2] !== undefined) {
    const { expected, actual } = alertBodies(body);
    return { kind: 'alert', ...named, alertname: start[2], time: start[3] ?? '', expected, actual };
  }
  const expr = unquote((start[4] ?? '').slice(1, -1));
  const time = start[5] ?? '';
  const error = /^ err: (.*)$/.exec(start[6] ?? '');
  if (error !== null) {
    return { kind: 'expr_error', ...named, expr, time, message: [error[1] ?? '', ...body].join('\n').trimEnd() };
  }
  const side = (name: string): string[] =>
    splitSamples(body.find((line) => line.startsWith(`        ${name}: `))?.slice(13) ?? '');
  return { kind: 'expr', ...named, expr, time, expected: side('exp'), actual: side('got') };
}

// `exp:[` 0: / Labels:{…} / Annotations:{…} `], ` `got:[` … `]`
function alertBodies(body: readonly string[]): { expected: string[]; actual: string[] } {
  const sides = { expected: [] as string[], actual: [] as string[] };
  let side: string[] | undefined;
  for (const line of body) {
    if (/^ {8}exp:\[/.test(line)) side = sides.expected;
    else if (/^ {8}got:\[/.test(line)) side = sides.actual;
    const labels = /^\s+(Labels:\{.*\})$/.exec(line);
    const annotations = /^\s+(Annotations:\{.*\})$/.exec(line);
    if (labels !== null) side?.push(labels[1] ?? '');
    else if (annotations !== null && side !== undefined) side.push(`${side.pop() ?? ''} ${annotations[1] ?? ''}`);
  }
  return sides;
}

/** Splits `{a="b, {c"} 1E+00, {} 2E+00` between samples; `nil` is no sample. */
export function splitSamples(text: string): string[] {
  if (text.trim() === '' || text.trim() === 'nil') return [];
  const samples: string[] = [];
  let start = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 0 && text.startsWith(', {', at)) {
      samples.push(text.slice(start, at));
      start = at + 2;
    }
  }
  return [...samples, text.slice(start)];
}
