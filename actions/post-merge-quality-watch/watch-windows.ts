import { checkedMs, worstOutcome, type Reason } from '@obsgate/core/kernel';
import type { WatchRun } from '@obsgate/core/report/watch-run';
import type { Config } from '@obsgate/core/config';
import { judge, loadSlo, type Merge, type SloSpec } from '@obsgate/core/slo';
import {
  breachEntries,
  collectWindows,
  decide,
  dueWindows,
  lookFrom,
  type Decision,
  type OpenWindow,
  type WatchPolicy,
} from '@obsgate/core/watch';
import type { GitHubClient } from '@obsgate/github/client';
import type { LedgerPort } from '@obsgate/core/ledger';
import { readLedger } from '@obsgate/github/rollback';
import { readMergedPulls, readSloFiles } from '@obsgate/github/watch';
import type { ServerAuth } from '@obsgate/prometheus/api';
import { askShared, type SharedAnswers, type SharedWindow } from '@obsgate/prometheus/watch';

export type WatchTask = {
  readonly client: GitHubClient;
  readonly ledger: LedgerPort;
  readonly config: Config;
  readonly server: { readonly url: string; readonly auth?: ServerAuth };
  readonly scrapeSeconds: number;
  /** Unix seconds. */
  readonly now: number;
  readonly signal: AbortSignal;
};

/** Reads what is to be watched, judges it, and decides. Writes nothing. */
export async function watchWindows(task: WatchTask): Promise<WatchRun> {
  const { client, ledger, config, scrapeSeconds, now } = task;
  const globs = typeof config.watch.slo === 'string' ? [config.watch.slo] : config.watch.slo;
  const slo = await readSloFiles(client, globs);
  if (slo.kind === 'refused') return stopped(task, slo.reasons);
  const specs = slo.files.map(({ path, text }) => loadSlo(path, text, scrapeSeconds));
  if (specs.length === 0)
    return stopped(task, [{ code: 'nothing_to_check', message: `no SLO file matches ${globs.join(', ')}` }]);
  const policy = policyOf(config, specs, scrapeSeconds);
  const record = await readLedger(ledger, now * 1000);
  if (record.kind === 'unreadable') return stopped(task, record.reasons);
  const pulls = await readMergedPulls(client, config.merge.base_branches, lookFrom(record.entries, policy, now));
  if (pulls.kind === 'refused') return stopped(task, pulls.reasons);
  const windows = collectWindows({ entries: record.entries, pulls: pulls.pulls }, policy, now);
  const due = dueWindows(windows, policy, now);
  const asked = due.map((window) => ({
    window,
    shared: specs.map((spec): SharedWindow => ({ spec, mergedAt: window.mergedAt })),
  }));
  const answers = await askShared(
    asked.flatMap(({ shared }) => shared),
    { ...task.server, now, scrapeSeconds, signal: task.signal },
  );
  const decisions = asked.map(({ window, shared }) =>
    decideOne({ window, shared, answers, merges: windows.merges.get(window.base) ?? [], policy, task }),
  );
  return {
    outcome: decisions.length === 0 ? 'pass' : worstOutcome(decisions.map(({ outcome }) => outcome)),
    reasons: [],
    now,
    decisions,
    waiting: windows.open.length - due.length,
    breaches: breachEntries(decisions),
    asked: answers.asked,
  };
}

type Judging = {
  readonly window: OpenWindow;
  readonly shared: readonly SharedWindow[];
  readonly answers: SharedAnswers;
  readonly merges: readonly Merge[];
  readonly policy: WatchPolicy;
  readonly task: WatchTask;
};

function decideOne({ window, shared, answers, merges, policy, task }: Judging): Decision {
  const { now, scrapeSeconds, config } = task;
  const verdicts = shared.map((one) => {
    const body = answers.body.bind(answers, one);
    const options = { mergedAt: window.mergedAt, now, minWindowSeconds: seconds(config.watch.min_window) };
    return judge(one.spec, { scrapeSeconds, merges, body }, options);
  });
  return decide(window, verdicts, policy, now);
}

function policyOf(config: Config, specs: readonly SloSpec[], scrapeSeconds: number): WatchPolicy {
  const window = Math.max(...specs.map(({ windowMs }) => windowMs / 1000));
  return { settle: seconds(config.watch.settle), window, grace: 2 * scrapeSeconds, extension: window };
}

function seconds(text: string): number {
  return checkedMs(text) / 1000;
}

/** What could not be read is an error of the run: nothing was judged, so nothing passed. */
export function stopped({ now }: Pick<WatchTask, 'now'>, reasons: readonly Reason[]): WatchRun {
  return { outcome: 'error', reasons, now, decisions: [], waiting: 0, breaches: [], asked: 0 };
}
