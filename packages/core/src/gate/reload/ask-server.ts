import type { Reason } from '../../kernel/index.ts';
import { exposedValue, type ServerAnswer, type ServerFailure, type ServerRuleGroup } from '../../server/index.ts';
import { compareRules, type OpenQuestion, type RuleComparison, type RuleDifference } from './compare-rules.ts';
import { RELOAD_METRICS, type ReloadMetrics } from './reload-proof.ts';
import type { PrometheusServer } from '../../server/index.ts';
import type { RuleFile } from '../../rules/index.ts';

/** A value, or the reason why the server did not give it. */
export type Asked<T> =
  | { readonly kind: 'told'; readonly value: T }
  | { readonly kind: 'untold'; readonly reason: Reason };

export async function askMetrics(api: PrometheusServer): Promise<Asked<ReloadMetrics>> {
  return asked(await api.metrics(), (samples) => ({
    successful: exposedValue(samples, RELOAD_METRICS.successful),
    succeededAt: exposedValue(samples, RELOAD_METRICS.succeededAt),
  }));
}

export async function askRules(api: PrometheusServer): Promise<Asked<readonly ServerRuleGroup[]>> {
  return asked(await api.rules(), (groups) => groups);
}

export function asked<A, B>(answer: ServerAnswer<A>, read: (value: A) => B): Asked<B> {
  if (answer.ok) return { kind: 'told', value: read(answer.value) };
  return { kind: 'untold', reason: failureReason(answer.failure) };
}

export function failureReason(failure: ServerFailure, subject?: string): Reason {
  const code =
    failure.kind === 'deadline'
      ? 'deadline_exceeded'
      : failure.kind === 'unreachable'
        ? 'server_unreachable'
        : 'tool_failed';
  return { code, message: failure.message, ...(subject === undefined ? {} : { subject }) };
}

/**
 * Compares the files with the server's rules; expressions whose texts do not tell are compared by the server's own
 * formatter, which parses both.
 */
export async function compareWithServer(
  api: PrometheusServer,
  files: readonly RuleFile[],
  groups: readonly ServerRuleGroup[],
  repositoryPath: (serverFile: string) => string | undefined,
): Promise<Asked<RuleComparison & { readonly queries: readonly OpenQuestion[] }>> {
  const comparison = compareRules(files, groups, repositoryPath);
  const queries: OpenQuestion[] = [];
  for (const question of comparison.questions) {
    const [expected, actual] = await Promise.all([
      api.formatQuery(question.expected),
      api.formatQuery(question.actual),
    ]);
    const failure = [expected, actual].find((answer) => !answer.ok && answer.failure.kind !== 'api_error');
    if (failure !== undefined && !failure.ok) return { kind: 'untold', reason: failureReason(failure.failure) };
    if (!expected.ok || !actual.ok || expected.value !== actual.value) queries.push(question);
  }
  return { kind: 'told', value: { ...comparison, queries } };
}

/** Expressions that differ, as differences like the others. */
export function queryDifferences(queries: readonly OpenQuestion[]): readonly RuleDifference[] {
  return queries.map(({ rule, expected, actual }) => ({
    kind: 'changed',
    rule,
    field: 'expression',
    expected,
    actual,
  }));
}
