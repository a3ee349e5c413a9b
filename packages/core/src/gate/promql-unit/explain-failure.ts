import { formatDuration, parseDuration } from '../../kernel/index.ts';
import { parsePromql, selectorsOf, walk } from '../../promql/index.ts';
import type { TestFailure } from '../../promtool/index.ts';
import type { Rule } from '../../rules/index.ts';
import { inputNames } from './static-checks.ts';
import type { TestGroup } from './test-file.ts';

/** What a failed assertion is explained from. */
export type FailureContext = { readonly group: TestGroup; readonly closure: readonly Rule[] };

/** The first line of a failure: what was asserted, when, and how it went. */
export function failureTitle(failure: TestFailure): string {
  switch (failure.kind) {
    case 'alert':
      return `alert ${failure.alertname} at ${failure.time}: ${counted(failure.expected, 'expected')}, ${counted(failure.actual, 'fired')}`;
    case 'expr':
      return `${failure.expr} at ${failure.time}: ${counted(failure.expected, 'expected')}, ${counted(failure.actual, 'found')}`;
    case 'expr_error':
      return `${failure.expr} at ${failure.time} cannot be evaluated: ${failure.message}`;
  }
}

/** Expected and actual as a diff: `-` is expected but missing, `+` came out but is not expected. Common entries have neither. */
export function failureDiff(failure: TestFailure): string[] {
  if (failure.kind === 'expr_error') return [];
  const { expected, actual } = failure;
  return [
    ...expected.filter((entry) => actual.includes(entry)).map((entry) => `  ${entry}`),
    ...expected.filter((entry) => !actual.includes(entry)).map((entry) => `- ${entry}`),
    ...actual.filter((entry) => !expected.includes(entry)).map((entry) => `+ ${entry}`),
  ];
}

/**
 * Why nothing came out, or something with other labels: the usual causes that the test and its rules show.
 * Undefined when none of them can be seen.
 */
export function explainFailure(failure: TestFailure, context: FailureContext): string | undefined {
  if (failure.kind === 'expr_error') return undefined;
  const causes = [
    failure.kind === 'expr' ? missingName(failure.expected, failure.actual) : undefined,
    failure.actual.length === 0 && failure.expected.length > 0 ? emptyCause(failure, context) : undefined,
  ].filter((cause) => cause !== undefined);
  return causes.length === 0 ? undefined : causes.join(' ');
}

function emptyCause(
  failure: Exclude<TestFailure, { kind: 'expr_error' }>,
  context: FailureContext,
): string | undefined {
  const expressions = [
    ...(failure.kind === 'expr' ? [failure.expr] : []),
    ...context.closure
      .filter((rule) => failure.kind === 'expr' || rule.name.value === failure.alertname || rule.kind === 'recording')
      .map((rule) => rule.expr.value),
  ];
  return (
    windowTooLong(expressions, failure.time) ??
    waitingFor(failure, context) ??
    noInput(expressions, context) ??
    staleInput(failure.time, context) ??
    missingLabel(failure, context)
  );
}

function windowTooLong(expressions: readonly string[], time: string): string | undefined {
  const at = parseDuration(time)?.ms;
  if (at === undefined) return undefined;
  const windows = expressions.flatMap((expression) => rangesOf(expression));
  const longest = Math.max(0, ...windows);
  if (longest <= at) return undefined;
  return `The expression looks back ${formatDuration({ ms: longest })}, but eval_time is ${time}: the first complete window ends later. Evaluate at ${formatDuration({ ms: longest })} or after.`;
}

function waitingFor(failure: TestFailure, { closure }: FailureContext): string | undefined {
  if (failure.kind !== 'alert') return undefined;
  const at = parseDuration(failure.time)?.ms;
  const wait = closure.flatMap((rule) =>
    rule.kind === 'alerting' && rule.name.value === failure.alertname && rule.for ? [rule.for.value.ms] : [],
  )[0];
  if (at === undefined || wait === undefined || at >= wait) return undefined;
  return `The alert has for: ${formatDuration({ ms: wait })}, but eval_time is ${failure.time}: it can only be pending by then.`;
}

function noInput(expressions: readonly string[], { group, closure }: FailureContext): string | undefined {
  const given = new Set([
    ...inputNames(group),
    ...closure.map((rule) => rule.name.value),
    'ALERTS',
    'ALERTS_FOR_STATE',
  ]);
  const read = new Set(
    expressions.flatMap((expression) => selectorsOf(parsePromql(expression).root).flatMap(({ name }) => name ?? [])),
  );
  const unknown = [...read].filter((name) => !given.has(name));
  return unknown.length === 0 ? undefined : `No input series and no rule makes ${unknown.join(', ')}.`;
}

/** An input series that ends before the evaluation, by more than the lookback of 5 minutes, is stale by then. */
function staleInput(time: string, { group }: FailureContext): string | undefined {
  const at = parseDuration(time)?.ms;
  const series = group.plain['input_series'];
  if (at === undefined || !Array.isArray(series)) return undefined;
  for (const item of series as readonly { readonly series?: unknown; readonly values?: unknown }[]) {
    const samples = typeof item.values === 'string' ? sampleCount(item.values) : undefined;
    if (samples === undefined || samples === 0) continue;
    const last = (samples - 1) * group.interval.ms;
    if (at - last > 5 * 60_000) {
      return `The input series ${String(item.series)} ends at ${formatDuration({ ms: last })}; at ${time} it is stale (lookback 5m). Give it more values.`;
    }
  }
  return undefined;
}

/** Number of samples that a `values` text makes (`1+1x10` makes 11, `_x3` 3); undefined where the notation is another. */
function sampleCount(values: string): number | undefined {
  let count = 0;
  for (const word of values.trim().split(/\s+/)) {
    const repeat = /x(\d+)$/.exec(word);
    if (word.includes('{') || word.includes('(')) return undefined;
    count += repeat === null ? 1 : word.startsWith('_') ? Number(repeat[1]) : Number(repeat[1]) + 1;
  }
  return count;
}

/** A selector by a label that the rule's result no longer has. */
function missingLabel(failure: TestFailure, { closure }: FailureContext): string | undefined {
  if (failure.kind !== 'expr') return undefined;
  for (const { name, matchers } of selectorsOf(parsePromql(failure.expr).root)) {
    const rule = closure.find((item) => item.kind === 'recording' && item.name.value === name);
    if (rule === undefined) continue;
    const { root } = parsePromql(rule.expr.value);
    if (root.kind !== 'aggregate' || root.grouping?.kind === 'without') continue;
    const kept = new Set([...(root.grouping?.labels ?? []), ...rule.labels.map(({ key }) => key.value), '__name__']);
    const lost = matchers.find(({ label, operator, value }) => !kept.has(label) && operator === '=' && value !== '');
    if (lost !== undefined) {
      return `${name ?? ''} is aggregated without the label ${lost.label}, so {${lost.label}="${lost.value}"} selects nothing. Add it to the by clause, or select without it.`;
    }
  }
  return undefined;
}

function missingName(expected: readonly string[], actual: readonly string[]): string | undefined {
  const bare = (entry: string): string => entry.replace(/__name__="[^"]*",? ?/, '');
  const pair = actual.find((entry) => entry.includes('__name__=') && expected.includes(bare(entry)));
  if (pair === undefined) return undefined;
  const name = /__name__="([^"]*)"/.exec(pair)?.[1] ?? '';
  return `The result keeps its metric name: write labels: '${name}{...}' in exp_samples.`;
}

function rangesOf(expression: string): number[] {
  const found: number[] = [];
  walk(parsePromql(expression).root, (node) => {
    if ((node.kind === 'matrix' || node.kind === 'subquery') && node.rangeMs !== undefined) found.push(node.rangeMs);
  });
  return found;
}

function counted(entries: readonly string[], verb: string): string {
  return entries.length === 0 ? `nothing ${verb}` : `${entries.length} ${verb}`;
}
