import { selectorsOf, walk, type PromqlNode } from '../../../promql/index.ts';
import { effectiveLabels } from '../../../rules/index.ts';
import { constantWith, labelsOf, type Labels } from '../../analysis/labels.ts';
import { alwaysPresent, asksForAbsence } from '../../analysis/presence.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { excerpt, inExpression } from '../../problem.ts';

type Binary = Extract<PromqlNode, { kind: 'binary' }>;

/**
 * `or` keeps every series of the right side whose labels the left side does not have.
 * https://prometheus.io/docs/prometheus/latest/querying/operators/#logical-set-binary-operators
 */
export const fallbackLabels: LintRule = {
  id: 'heartbeat/fallback-labels',
  summary: 'A fallback has the labels of what it stands in for.',
  docs: 'docs/rules/heartbeat/fallback-labels.md',
  severity: 'error',
  reach: 'project',
  *check(context) {
    for (const linted of context.heartbeats) {
      const found: Problem[] = [];
      walk(linted.parsed.root, (node) => {
        if (node.kind === 'binary' && node.operator === 'or') found.push(...checkOr(node, linted, context));
      });
      yield* found;
    }
  },
};

function* checkOr(node: Binary, linted: LintedRule, context: LintContext): Iterable<Problem> {
  const { recorded, settings } = context;
  const constant = selectorsOf(node.right).length === 0 && alwaysPresent(node.right, recorded);
  if (!constant && !asksForAbsence(node.right)) return;
  const main = labelsOf(node.left, recorded);
  const standIn = labelsOf(node.right, recorded);
  const compared = comparedBy(node.matching);
  const difference = differenceOf(compared(main), compared(standIn), context);
  const { text } = linted.parsed;
  const right = excerpt(text, node.right.span);
  if (difference !== undefined) {
    yield inExpression(linted, node.right.span, {
      message: `The fallback \`${right}\` ${difference.words}: \`or\` matches on labels, so while the heartbeat is there the result has both series${consequence(linted, main, standIn)}.`,
      help: help(main, context),
      ...(difference.severity === undefined ? {} : { severity: difference.severity }),
    });
    return;
  }
  const { label } = settings.realm;
  if (!main.known.has(label) || standIn.known.has(label) || effectiveLabels(linted.rule).has(label)) return;
  yield inExpression(linted, node.right.span, {
    message: `The fallback \`${right}\` does not carry \`${label}\` as the left side does: when it stands in, whoever selects \`${label}\` sees nothing.`,
    help: help(main, context),
  });
}

/** The labels that `or` compares. */
function comparedBy(matching: Binary['matching']): (labels: Labels) => Labels {
  if (matching === undefined) return (labels) => labels;
  const listed = new Set(matching.labels);
  const counts = (label: string): boolean => listed.has(label) === (matching.kind === 'on');
  return ({ known, open, dropped }) => ({
    known: new Map([...known].filter(([label]) => counts(label))),
    open: open && matching.kind === 'ignoring',
    dropped: new Set([...dropped, ...matching.labels]),
  });
}

type Difference = { readonly words: string; readonly severity?: 'warning' };

/**
 * In which way the fallback's labels differ; undefined when they may be the same. A label that the left side is
 * grouped by need not exist, unless every scraped series has it: then the difference is a warning.
 */
function differenceOf(main: Labels, standIn: Labels, { scope, settings }: LintContext): Difference | undefined {
  if (standIn.open) return undefined;
  for (const [label, value] of main.known) {
    if (!standIn.known.has(label)) {
      const exists = value !== undefined || ['job', 'instance', settings.realm.label].includes(label);
      const words = `lacks the label \`${label}\` of the left side`;
      return exists ? { words } : { words, severity: 'warning' };
    }
    const other = standIn.known.get(label);
    if (value !== undefined && other !== undefined && value !== other) {
      return { words: `has \`${label}="${other}"\` where the left side has \`${label}="${value}"\`` };
    }
  }
  // A scraped series always carries `job`; what other files record may not.
  if (main.open) {
    const scraped = scope === 'project' && !main.dropped.has('job') && !standIn.known.has('job');
    return scraped
      ? { words: 'lacks the labels that the scraped series on the left side has, such as `job`' }
      : undefined;
  }
  const extra = [...standIn.known.keys()].find((label) => !main.known.has(label));
  return extra === undefined ? undefined : { words: `has the label \`${extra}\`, which the left side has not` };
}

/** What two series instead of one lead to. */
function consequence({ rule }: LintedRule, main: Labels, standIn: Labels): string {
  if (rule.kind === 'alerting') return ', and the alert judges the fallback as well';
  const own = effectiveLabels(rule);
  const covered = !main.open && [...main.known.keys(), ...standIn.known.keys()].every((label) => own.has(label));
  return covered ? '; the labels of the rule make them equal, and its evaluation fails' : ', one of which says 0';
}

function help(main: Labels, { settings }: LintContext): string {
  const { label, value } = settings.realm;
  const constant = constantWith(main, settings.realm);
  if (constant !== undefined) return `Write \`or ${constant}\`.`;
  return `Aggregate the left side, as in \`max by (${label}) (...)\`, and fall back to \`label_replace(vector(0), "${label}", "${value}", "", "")\`.`;
}
