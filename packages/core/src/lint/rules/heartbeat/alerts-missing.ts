import { walk, type PromqlNode } from '../../../promql/index.ts';
import { ageLimit } from '../../analysis/age.ts';
import { namesIn } from '../../analysis/families.ts';
import { onceForEach } from '../../analysis/follow.ts';
import { alwaysPresent } from '../../analysis/presence.ts';
import type { Family, LintContext, LintedRule, LintRule, Problem } from '../../model.ts';
import { atName, excerpt } from '../../problem.ts';

export const alertsMissing: LintRule = {
  id: 'heartbeat/alerts-missing',
  summary: 'A recorded heartbeat has an alert for its absence and one for its standstill.',
  docs: 'docs/rules/heartbeat/alerts-missing.md',
  severity: 'error',
  reach: 'project',
  scope: 'project',
  *check(context) {
    for (const family of context.families) yield* checkFamily(family, context);
  },
};

function* checkFamily({ first, names }: Family, context: LintContext): Iterable<Problem> {
  const alerts = context.heartbeats.filter(({ rule }) => rule.kind === 'alerting');
  const raw = [...names].find((name) => !context.recorded.has(name)) ?? first.rule.name.value;
  const { label, value } = context.settings.realm;
  const selector = `${raw}{${label}="${value}"}`;
  const absences = alerts.flatMap((linted) => absencesIn(linted, names));
  if (!absences.some(({ of }) => !alwaysPresent(of, context.recorded))) {
    const [idle] = absences;
    const why =
      idle === undefined
        ? 'so nobody hears of it when its writer or its way into Prometheus is gone'
        : `for \`${excerpt(idle.linted.parsed.text, idle.node.span)}\` of \`${idle.linted.rule.name.value}\` can never be true: that series has a fallback and is always there`;
    yield {
      ...atName(first, {
        message: `No alert fires when the heartbeat \`${raw}\` is absent, ${why}.`,
        help: `Add an alert with \`expr: absent(${selector})\`.`,
      }),
      subject: `absent/${raw}`,
    };
  }
  if (!alerts.some((linted) => tellsStandstill(linted, names, context))) {
    yield {
      ...atName(first, {
        message: `No alert fires when the heartbeat \`${raw}\` is still there but no longer ticks: a stuck writer looks alive.`,
        help: `Add an alert with \`expr: changes(${selector}[6m]) == 0\`, or on a recorded series made from it.`,
      }),
      subject: `stalled/${raw}`,
    };
  }
}

type Absence = { readonly linted: LintedRule; readonly node: PromqlNode; readonly of: PromqlNode };

function absencesIn(linted: LintedRule, names: ReadonlySet<string>): Absence[] {
  const found: Absence[] = [];
  walk(linted.parsed.root, (node) => {
    if (node.kind !== 'call' || !ABSENT.has(node.name)) return;
    const [of] = node.args;
    if (of !== undefined && namesIn(of).some((name) => names.has(name))) found.push({ linted, node, of });
  });
  return found;
}

/** Whether an alert compares ticks or age of the heartbeat, itself or through recorded series. */
function tellsStandstill({ parsed }: LintedRule, names: ReadonlySet<string>, context: LintContext): boolean {
  return namesIn(parsed.root).some((name) => names.has(name)) && seesTicks(parsed.root, context);
}

function seesTicks(root: PromqlNode, context: LintContext): boolean {
  const { recorded, settings } = context;
  let found = false;
  walk(root, (node) => {
    if (found || (node.kind === 'call' && ABSENT.has(node.name))) return 'skip';
    found = ageLimit(node, context) !== undefined;
    if (node.kind === 'call' && TICKS.has(node.name))
      found ||= namesIn(node).some((name) => settings.isHeartbeat(name));
    if (node.kind === 'selector' && node.name !== undefined) {
      const sources = recorded.get(node.name) ?? [];
      found ||= once(recorded, node.name, () => sources.some(({ parsed }) => seesTicks(parsed.root, context)));
    }
    return undefined;
  });
  return found;
}

const once = onceForEach<boolean>(false);

const ABSENT = new Set(['absent', 'absent_over_time']);
const TICKS = new Set(['changes', 'resets', 'increase', 'rate', 'irate', 'delta', 'idelta', 'deriv']);
