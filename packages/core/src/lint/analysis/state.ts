import { unparenthesized, type PromqlNode } from '../../promql/index.ts';
import type { LintContext, LintedRule } from '../model.ts';
import { isComparison, isSetOperation, vectorArgument } from './shape.ts';

/**
 * Whether a rule records a 0/1 state of a heartbeat: its name says so (`heartbeat_ok`, `heartbeat_fresh_120s`), or
 * its value is the outcome of a comparison.
 */
export function isStateSeries({ rule, parsed }: LintedRule, { settings }: Pick<LintContext, 'settings'>): boolean {
  if (rule.kind !== 'recording') return false;
  const name = rule.name.value;
  if (settings.isHeartbeat(name) && settings.isState(name)) return true;
  return isTruthValue(parsed.root);
}

const PASS = new Set(['min', 'max', 'clamp', 'clamp_min', 'clamp_max', 'label_replace']);

function isTruthValue(node: PromqlNode): boolean {
  const inner = unparenthesized(node);
  if (inner.kind === 'binary') {
    if (isComparison(inner)) return inner.bool;
    if (inner.operator === '*') return isTruthValue(inner.left) && isTruthValue(inner.right);
    return isSetOperation(inner) && isTruthValue(inner.left);
  }
  if (inner.kind !== 'call' && inner.kind !== 'aggregate') return false;
  const argument = PASS.has(inner.name) ? vectorArgument(inner) : undefined;
  return argument !== undefined && isTruthValue(argument);
}

/** The state series among the heartbeat rules. */
export function stateSeries(context: LintContext): readonly LintedRule[] {
  return context.heartbeats.filter((linted) => isStateSeries(linted, context));
}
