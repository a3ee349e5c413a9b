import type { AuditEntry } from '../ledger/index.ts';
import type { Merge } from '../slo/index.ts';
import type { OpenWindow, WatchPolicy, WatchSources, WatchWindow } from './model.ts';
import { readWatchEntry, type WatchRecord } from './record.ts';

/** How far back a merge without a record is looked for, once there are records: a schedule may rest for days. */
const LOOK_BACK_SECONDS = 7 * 86_400;

export type Windows = {
  /** Not closed, oldest first. */
  readonly open: readonly OpenWindow[];
  /** Every merge that is known of, by base branch: what else may have caused a breach. */
  readonly merges: ReadonlyMap<string, readonly Merge[]>;
};

/**
 * Unix seconds from which on merges are looked for. The first run of all looks back for one window, so that a new
 * user's old pull requests are left alone.
 */
export function lookFrom(entries: readonly AuditEntry[], policy: WatchPolicy, now: number): number {
  const began = entries.some(({ stage }) => stage === 'watch');
  const { window, grace, extension } = policy;
  return now - (began ? Math.max(LOOK_BACK_SECONDS, window + grace + extension) : window + grace + extension);
}

/**
 * The windows that are not closed: of merges on record, of merged pull requests, and of windows on record, so that
 * none is lost whichever of them is late. GitHub's time and commit go before those of the record.
 */
export function collectWindows({ entries, pulls }: WatchSources, policy: WatchPolicy, now: number): Windows {
  const records = new Map<string, WatchRecord>();
  const found = new Map<string, WatchWindow>();
  for (const entry of entries) {
    const window = windowOf(entry);
    if (window === undefined) continue;
    const key = keyOf(window);
    const record = readWatchEntry(entry);
    if (record !== undefined) records.set(key, record);
    const known = found.get(key);
    found.set(key, { ...window, scenario: window.scenario ?? known?.scenario ?? null });
  }
  for (const pull of pulls) {
    const scenario = found.get(keyOf(pull))?.scenario ?? scenarioOf(entries, pull.pr);
    found.set(keyOf(pull), { ...pull, scenario });
  }
  const all = withoutDoubles([...found.values()], pulls);
  const since = lookFrom(entries, policy, now);
  const open = all
    .filter((window) => window.mergedAt <= now)
    .filter((window) => records.get(keyOf(window))?.closed !== true)
    .filter((window) => window.mergedAt >= since || records.has(keyOf(window)))
    .map((window): OpenWindow => {
      const record = records.get(keyOf(window));
      return {
        ...window,
        last: record?.last,
        failingSince: record?.failingSince,
        rolledBack: isRolledBack(entries, window),
      };
    });
  return { open: open.toSorted((a, b) => a.mergedAt - b.mergedAt || a.pr - b.pr), merges: mergesByBase(all) };
}

/** Windows that may be judged now. The others have not settled yet. */
export function dueWindows(windows: Windows, { settle }: WatchPolicy, now: number): readonly OpenWindow[] {
  return windows.open.filter(({ mergedAt }) => now >= mergedAt + settle);
}

function windowOf(entry: AuditEntry): WatchWindow | undefined {
  const { stage, ctx, ts } = entry;
  const { pr, sha, base, scenario = null } = ctx;
  if (pr === undefined || sha === undefined || base === undefined) return undefined;
  if (stage === 'merge' && ctx['merged'] === true) return { pr, sha, base, scenario, mergedAt: Date.parse(ts) / 1000 };
  const mergedAt = readWatchEntry(entry)?.mergedAt;
  return mergedAt === undefined ? undefined : { pr, sha, base, scenario, mergedAt };
}

/** A pull request is merged once: what the record calls by another commit than GitHub is the same merge. */
function withoutDoubles(windows: readonly WatchWindow[], pulls: WatchSources['pulls']): readonly WatchWindow[] {
  const shas = new Map(pulls.map(({ pr, sha }) => [pr, sha]));
  return windows.filter(({ pr, sha }) => (shas.get(pr) ?? sha) === sha);
}

function scenarioOf(entries: readonly AuditEntry[], pr: number): string | null {
  return (
    entries.findLast(({ stage, ctx }) => stage === 'merge' && ctx['merged'] === true && ctx.pr === pr)?.ctx.scenario ??
    null
  );
}

/** Whether a rollback has decided on it; one that met an error has to be asked again. */
function isRolledBack(entries: readonly AuditEntry[], { pr, sha }: WatchWindow): boolean {
  const last = entries.findLast(
    ({ stage, ctx }) => stage === 'rollback' && ctx.pr === pr && (ctx.sha === undefined || ctx.sha === sha),
  );
  return last !== undefined && last.result !== 'error';
}

function mergesByBase(windows: readonly WatchWindow[]): ReadonlyMap<string, readonly Merge[]> {
  const merges = new Map<string, Merge[]>();
  for (const { pr, sha, mergedAt, base } of windows) {
    const list = merges.get(base) ?? [];
    list.push({ pr, sha, mergedAt, deployedAt: undefined });
    merges.set(base, list);
  }
  return merges;
}

function keyOf({ pr, sha }: Pick<WatchWindow, 'pr' | 'sha'>): string {
  return `${pr} ${sha}`;
}
