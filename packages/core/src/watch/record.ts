import type { AuditEntry, AuditFacts } from '../ledger/index.ts';
import type { Decision, OpenWindow } from './model.ts';

/** Whether the decision says something that is not on record, or was not told to the pull request. */
export function isNews({ window, key }: Decision): boolean {
  return window.last?.key !== key || !window.last.told;
}

/** What goes on record of a decision. `told`: whether the pull request's comment says it. */
export function watchEntry(decision: Decision, told: boolean, now: number): AuditFacts {
  const { window, kind, outcome, reasons, metrics, digest, key, failingSince } = decision;
  return {
    stage: 'watch',
    result: outcome,
    reasons: [...new Set(reasons.map(({ code }) => code))],
    ctx: {
      pr: window.pr,
      sha: window.sha,
      base: window.base,
      ...(window.scenario === null ? {} : { scenario: window.scenario }),
      state: kind,
      key,
      told,
      number: numberOf(decision),
      merged_at: rfc3339(window.mergedAt),
      judged_at: rfc3339(now),
      ...(failingSince === undefined ? {} : { failing_since: rfc3339(failingSince) }),
      ...(metrics.length === 0 ? {} : { metrics, verdict: digest }),
    },
  };
}

/**
 * Id of the entry of a decision: runs that find the same at the same time write the same entries, and the ledger
 * takes them once. A change back and forth is news each time, so their number is part of it.
 */
export function watchEntryId(decision: Decision, told: boolean): string {
  const { window, key } = decision;
  return `watch-${window.pr}-${window.sha.slice(0, 12)}-${numberOf(decision)}-${key}-${told ? 'told' : 'untold'}`;
}

function numberOf({ window }: Decision): number {
  return (window.last?.entries ?? 0) + 1;
}

export type WatchRecord = {
  readonly closed: boolean;
  readonly last: NonNullable<OpenWindow['last']>;
  readonly failingSince: number | undefined;
  readonly mergedAt: number | undefined;
};

/** What an entry of the watch says; undefined for an entry of something else. */
export function readWatchEntry({ stage, ctx }: AuditEntry): WatchRecord | undefined {
  if (stage !== 'watch' || ctx.pr === undefined || ctx.sha === undefined) return undefined;
  const { state, key, told, number } = ctx;
  if (typeof state !== 'string' || typeof key !== 'string' || typeof number !== 'number') return undefined;
  return {
    closed: state === 'closed',
    last: { key, told: told === true, entries: number },
    failingSince: seconds(ctx['failing_since']),
    mergedAt: seconds(ctx['merged_at']),
  };
}

export function rfc3339(time: number): string {
  return new Date(Math.round(time * 1000)).toISOString();
}

function seconds(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms / 1000;
}
