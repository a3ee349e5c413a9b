import { createHash } from 'node:crypto';
import { worstOutcome, type Outcome, type Reason } from '../kernel/index.ts';
import type { WatchVerdict } from '../slo/index.ts';
import type { BreachEntry, Decision, DecisionKind, OpenWindow, WatchPolicy } from './model.ts';

/**
 * What becomes of a window after its verdicts, one for each SLO file. The worst of them counts. A window without a
 * verdict cannot be told of: that is an error, and an error is never a pass and never a breach.
 */
export function decide(
  window: OpenWindow,
  verdicts: readonly WatchVerdict[],
  policy: WatchPolicy,
  now: number,
): Decision {
  const outcome = verdicts.length === 0 ? 'error' : worstOutcome(verdicts.map((verdict) => verdict.outcome));
  const failingSince = outcome === 'error' ? (window.failingSince ?? now) : undefined;
  const { kind, alarm } = kindOf(outcome, { window, policy, now, failingSince: failingSince ?? now });
  const reasons = reasonsOf(verdicts, outcome);
  const metrics = outcome === 'breach' ? breachedMetrics(verdicts) : [];
  const digest = digestOf(window, verdicts);
  const key = hash([kind, outcome, [...new Set(reasons.map(({ code }) => code))].toSorted(), metrics]).slice(0, 12);
  return { window, kind, outcome, reasons, verdicts, metrics, digest, key, failingSince, alarm };
}

type Standing = {
  readonly window: OpenWindow;
  readonly policy: WatchPolicy;
  readonly now: number;
  readonly failingSince: number;
};

function kindOf(outcome: Outcome, standing: Standing): { readonly kind: DecisionKind; readonly alarm: boolean } {
  const { window, policy, now, failingSince } = standing;
  const end = window.mergedAt + policy.window;
  const ended = now >= end + policy.grace;
  switch (outcome) {
    case 'pass':
    case 'hold':
      return { kind: ended ? 'closed' : 'open', alarm: false };
    case 'error':
      // After a schedule that came late the wait begins with the first failure: the data may well be there.
      if (now >= Math.max(end, failingSince) + policy.extension) return { kind: 'closed', alarm: true };
      return { kind: ended ? 'extended' : 'unreachable', alarm: false };
    case 'breach':
      if (window.rolledBack) return { kind: 'closed', alarm: false };
      // By then others have built on the merge, or have mended it: what to do is for people.
      if (now > end + policy.grace + policy.extension) return { kind: 'closed', alarm: true };
      return { kind: 'breach', alarm: false };
  }
}

/** The breaches for the rollback's matrix. */
export function breachEntries(decisions: readonly Decision[]): BreachEntry[] {
  return decisions
    .filter(({ kind, outcome }) => kind === 'breach' && outcome === 'breach')
    .map(({ window, metrics, digest }) => ({
      pr: window.pr,
      merge_sha: window.sha,
      scenario: window.scenario,
      metrics: [...metrics],
      verdict: digest,
    }));
}

function reasonsOf(verdicts: readonly WatchVerdict[], outcome: Outcome): readonly Reason[] {
  if (verdicts.length === 0) return [{ code: 'nothing_to_check', message: 'no SLO file is there to judge by' }];
  return verdicts.filter((verdict) => verdict.outcome === outcome).flatMap(({ reasons }) => reasons);
}

function breachedMetrics(verdicts: readonly WatchVerdict[]): readonly string[] {
  const names = verdicts
    .filter(({ outcome }) => outcome === 'breach')
    .flatMap(({ metrics }) => metrics.filter(({ outcome }) => outcome === 'breach').map(({ spec }) => spec.name));
  return [...new Set(names)].toSorted();
}

/** Of what the judgement says, not of when it was made: two runs that judge the same give the same. */
function digestOf(window: OpenWindow, verdicts: readonly WatchVerdict[]): string {
  const judged = verdicts.map(({ spec, outcome, metrics }) => [
    spec.file,
    outcome,
    metrics.map((metric) => [metric.spec.name, metric.outcome, metric.onset ?? null, metric.decidedAt ?? null]),
  ]);
  return hash([window.pr, window.sha, judged]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
