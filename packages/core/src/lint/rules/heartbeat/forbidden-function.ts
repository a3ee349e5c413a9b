import { selectorsOf, walk } from '../../../promql/index.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

/** Rates are computed from counters; on a gauge a restart of the writer counts as a reset. */
const RATES = new Set(['increase', 'rate', 'irate', 'delta', 'idelta', 'deriv']);
const COUNTER = /_(total|count|sum|bucket)$/;

export const forbiddenFunction: LintRule = {
  id: 'heartbeat/forbidden-function',
  summary: 'A heartbeat is not read through a function that hides what happened to it.',
  docs: 'docs/rules/heartbeat/forbidden-function.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of context.heartbeats) yield* checkRule(linted, context);
  },
};

function checkRule(linted: LintedRule, { settings }: LintContext): Problem[] {
  const found: Problem[] = [];
  walk(linted.parsed.root, (node) => {
    if (node.kind !== 'call' && node.kind !== 'aggregate') return;
    if (!settings.forbiddenFunctions.has(node.name)) return;
    const names = selectorsOf(node).flatMap(({ name }) =>
      name !== undefined && settings.isHeartbeat(name) ? [name] : [],
    );
    const counted = RATES.has(node.name)
      ? names.filter((name) => settings.isSequence(name) || !COUNTER.test(name))
      : names;
    const [name] = counted;
    if (name === undefined) return;
    const span =
      node.kind === 'call' ? node.nameSpan : { start: node.span.start, end: node.span.start + node.name.length };
    const inner = node.args.map((argument) => excerpt(linted.parsed.text, argument.span)).join(', ');
    found.push(inExpression(linted, span, wordsFor(node.name, name, inner)));
  });
  return found;
}

function wordsFor(call: string, name: string, inner: string): { readonly message: string; readonly help: string } {
  if (RATES.has(call)) {
    return {
      message: `${call}() on the gauge \`${name}\` does not count ticks: it adds up the distance between its values, and takes a restart of the writer for a counter reset.`,
      help: `Count the ticks: \`changes(${inner})\`.`,
    };
  }
  if (call === 'sgn' || call === 'sign') {
    return {
      message: `${call}() around \`${name}\` ${call === 'sign' ? 'does not exist in PromQL, and what is meant ' : ''}turns a negative value into -1, which is neither alive nor dead.`,
      help: `Write \`(${inner}) > bool 0\`.`,
    };
  }
  if (call === 'abs') {
    return {
      message: `abs() around \`${name}\` hides a heartbeat from the future: a writer whose clock is ahead looks as fresh as one that is on time.`,
      help: `Leave the sign in place: \`${inner}\`, with \`clamp_min(${inner}, 0)\` where a negative age must not be recorded.`,
    };
  }
  return {
    message: `${call}() must not read the heartbeat \`${name}\` (gate.lint.heartbeat.forbidden_functions).`,
    help: `Read the heartbeat without ${call}().`,
  };
}
