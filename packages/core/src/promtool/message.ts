import type { Position } from '../kernel/index.ts';
import type { MessageKind, PromtoolMessage } from './output.ts';

type Draft = { -readonly [Key in keyof PromtoolMessage]: PromtoolMessage[Key] };

const GO_STRING = String.raw`"((?:[^"\\]|\\.)*)"`;
const GROUP_AND_RULE = new RegExp(String.raw`^group ${GO_STRING}, rule (\d+), ${GO_STRING}: `);
const GROUP_REPEATED = new RegExp(String.raw`^groupname: ${GO_STRING} is repeated`);
const FILE_PREFIX = /^(\S.*?\.[A-Za-z]+): (?=\S)/;
const POSITION = /^(\d+):(\d+): /;

/**
 * Reads the lines below one `FAILED:`. A message may span lines (YAML errors, duplicates); a line that starts
 * nothing new belongs to the message before it, so nothing that promtool said is lost.
 */
export function parseMessages(lines: readonly string[], file: string | undefined): PromtoolMessage[] {
  const messages: Draft[] = [];
  const rest = lines.map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
  for (let index = 0; index < rest.length; index++) {
    const line = rest[index] ?? '';
    if (/lint error .*duplicate rule/.test(line)) {
      messages.push(...parseDuplicates(rest.slice(index + 1), file));
      break;
    }
    const inYaml = /^\s+line (\d+): (.*)$/.exec(line);
    const before = messages.at(-1);
    if (inYaml !== null && before?.kind === 'yaml') {
      // `yaml: unmarshal errors:` is only the heading of the lines that follow.
      if (before.line === undefined) messages.pop();
      messages.push(withFile({ kind: 'yaml', message: inYaml[2] ?? '', line: Number(inYaml[1]) }, before.file));
      continue;
    }
    if (before !== undefined && isContinuation(line, file)) before.message += `\n${line}`;
    else messages.push(parseMessage(line, file));
  }
  return unique(messages);
}

/** Reads one line, such as `x.yml: 5:15: group "g", rule 1, "a:b": could not parse expression: 1:16: parse error: …`. */
export function parseMessage(line: string, file: string | undefined): PromtoolMessage {
  let rest = line.trim();
  let place = file;
  if (file !== undefined && rest.startsWith(`${file}: `)) rest = rest.slice(file.length + 2);
  else {
    const prefix = FILE_PREFIX.exec(rest);
    if (prefix !== null) {
      place = prefix[1];
      rest = rest.slice(prefix[0].length);
    }
  }
  const fault = place === file ? parseUnitTestFault(rest) : undefined;
  if (fault !== undefined) return withFile(fault, place);
  const { position, text } = takePositions(rest);
  const draft: Draft = { kind: 'other', message: text };
  if (position !== undefined) Object.assign(draft, position);
  const rule = GROUP_AND_RULE.exec(text);
  if (rule !== null) {
    draft.group = unquote(rule[1] ?? '');
    draft.rule = Number(rule[2]);
    draft.ruleName = unquote(rule[3] ?? '');
    draft.message = text.slice(rule[0].length);
  }
  const repeated = GROUP_REPEATED.exec(text);
  if (repeated !== null) draft.group = unquote(repeated[1] ?? '');
  draft.kind = kindOf(draft.message, rule !== null || repeated !== null);
  if (draft.kind === 'promql') draft.expression = positionInExpression(draft.message);
  const yamlLine = draft.kind === 'yaml' ? /yaml: line (\d+): (.*)$/.exec(draft.message) : null;
  if (yamlLine !== null) {
    draft.line = Number(yamlLine[1]);
    draft.message = yamlLine[2] ?? '';
  }
  return withFile(draft, place);
}

// What only unit tests print, without naming a file.
function parseUnitTestFault(text: string): Draft | undefined {
  const series = /^\d+:(\d+): (parse error: .*)$/.exec(text);
  if (series !== null) {
    // The place is within an input series. Its line number differs between releases and says nothing, for a series
    // has one line.
    return { kind: 'series', message: series[2] ?? '', expression: { line: 1, column: Number(series[1]) } };
  }
  const evaluation = /^rule: (.*?), time: ([^,]+), err: (.*)$/.exec(text);
  if (evaluation === null) return undefined;
  const [, ruleName = '', time = '', message = ''] = evaluation;
  return { kind: 'evaluation', message, ruleName, time };
}

/** Undoes Go's %q. What JSON does not know (`\x00`, `\a`) is left as it is written. */
export function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

// Some releases print the position of the rule and of its name, `0:0: 6:15:`; a zero is no position.
function takePositions(text: string): { position: Position | undefined; text: string } {
  let rest = text;
  let position: Position | undefined;
  for (let match = POSITION.exec(rest); match !== null; match = POSITION.exec(rest)) {
    const line = Number(match[1]);
    if (position === undefined && line > 0) position = { line, column: Math.max(1, Number(match[2])) };
    rest = rest.slice(match[0].length);
  }
  return { position, text: rest };
}

function kindOf(message: string, aboutRule: boolean): MessageKind {
  if (message.startsWith('could not parse expression')) return 'promql';
  if (/^(?:annotation|label|msg|template)\b.*template:/.test(message)) return 'template';
  if (aboutRule) return 'rule';
  if (/(?:^|: )yaml: /.test(message)) return 'yaml';
  return 'other';
}

function positionInExpression(message: string): Position {
  const match = /could not parse expression: (\d+):(\d+): /.exec(message);
  return { line: Number(match?.[1] ?? 1), column: Number(match?.[2] ?? 1) };
}

function isContinuation(line: string, file: string | undefined): boolean {
  if (file !== undefined && line.trimStart().startsWith(`${file}: `)) return false;
  return /^\s/.test(line) && !FILE_PREFIX.test(line.trim()) && !POSITION.test(line.trim());
}

// Metric: NAME / Label(s): / <tab>name: value …, closed by a sentence on what duplicates do.
function parseDuplicates(lines: readonly string[], file: string | undefined): Draft[] {
  const found: { name: string; labels: Record<string, string> }[] = [];
  for (const line of lines) {
    const metric = /^Metric: (.*)$/.exec(line);
    const label = /^\t([^:]+): (.*)$/.exec(line);
    if (metric !== null) found.push({ name: metric[1] ?? '', labels: {} });
    else if (label !== null) Object.assign(found.at(-1)?.labels ?? {}, { [label[1] ?? '']: label[2] ?? '' });
  }
  return found.map(({ name, labels }) =>
    withFile({ kind: 'duplicate', message: 'duplicate rule: same name and labels', ruleName: name, labels }, file),
  );
}

function withFile(draft: Draft, file: string | undefined): Draft {
  return file === undefined ? draft : { ...draft, file };
}

function unique(messages: readonly PromtoolMessage[]): PromtoolMessage[] {
  const seen = new Set<string>();
  return messages.filter((message) => {
    const key = JSON.stringify(message);
    return seen.has(key) ? false : seen.add(key);
  });
}
