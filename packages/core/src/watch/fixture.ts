import type { AuditEntry, AuditFacts } from '../ledger/index.ts';
import { loadSlo, type WatchVerdict } from '../slo/index.ts';
import type { OpenWindow, WatchPolicy } from './model.ts';

/** Unix seconds: 2026-01-31 10:00. */
export const MERGED_AT = Date.UTC(2026, 0, 31, 10) / 1000;
export const POLICY: WatchPolicy = { settle: 300, window: 7200, grace: 30, extension: 7200 };

const SPEC = loadSlo('.slo/a.yml', 'slo:\n  a: { query: "x", max: 1 }\n');

export function sha(digit: number): string {
  return String(digit).repeat(40);
}

export function openWindow(more: Partial<OpenWindow> = {}): OpenWindow {
  return {
    pr: 1,
    sha: sha(1),
    base: 'main',
    scenario: null,
    mergedAt: MERGED_AT,
    last: undefined,
    failingSince: undefined,
    rolledBack: false,
    ...more,
  };
}

export function verdictOf(
  outcome: WatchVerdict['outcome'],
  code?: WatchVerdict['reasons'][number]['code'],
): WatchVerdict {
  return {
    spec: SPEC,
    outcome,
    reasons: code === undefined ? [] : [{ code, message: 'because' }],
    remarks: [],
    mergedAt: MERGED_AT,
    now: MERGED_AT,
    windowSeconds: 7200,
    minWindowSeconds: 1800,
    merges: [],
    metrics: [],
  };
}

let count = 0;

export function entry(facts: AuditFacts): AuditEntry {
  count += 1;
  return {
    schema: 'obsgate.audit/1',
    id: `entry-${count}`,
    ts: new Date(MERGED_AT * 1000).toISOString(),
    actor: 'obsgate',
    run: { id: 1, attempt: 1, url: '' },
    prev: '0'.repeat(64),
    ...facts,
  };
}

export function mergeEntry(pr: number, minutesAgo: number, now: number, more: AuditFacts['ctx'] = {}): AuditEntry {
  return entry({
    stage: 'merge',
    result: 'pass',
    reasons: [],
    ts: new Date((now - minutesAgo * 60) * 1000).toISOString(),
    ctx: { pr, sha: sha(pr), base: 'main', merged: true, scenario: 'safe-docs', ...more },
  });
}
