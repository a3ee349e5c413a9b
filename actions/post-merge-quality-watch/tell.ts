import type { Reason } from '@obsgate/core/kernel';
import { renderWatchAlarm, renderWatchComment } from '@obsgate/core/report/watch-run';
import { isNews, watchEntry, watchEntryId, type Decision } from '@obsgate/core/watch';
import { raiseAlarm } from '@obsgate/github/issues';
import { ledgerPort } from '@obsgate/github/ledger';
import { tellPull } from '@obsgate/github/watch';
import type { GitHubJob } from '../github-session.ts';

type Told = { readonly decision: Decision; readonly told: boolean };

/**
 * Tells the pull requests what is new, and puts it on record: comments first, so that what could not be told is told
 * by the next run. A decision that is on record already writes nothing.
 *
 * @returns What could not be written.
 */
export async function tellAndRecord(
  job: GitHubJob,
  ledgerBranch: string,
  decisions: readonly Decision[],
  now: number,
): Promise<readonly Reason[]> {
  const reasons: Reason[] = [];
  const told: Told[] = [];
  let limited = false;
  for (const decision of decisions.filter(isNews)) {
    // oxlint-disable-next-line no-await-in-loop -- GitHub wants writes of one account one after the other
    const refused = limited ? [] : await tellOne(job, decision);
    // GitHub slows down whoever writes much: the next run goes on where this one stops.
    if (refused?.some(({ code }) => code === 'rate_limited') === true) limited = true;
    reasons.push(...(refused ?? []));
    // A closed window is not looked at again, so one whose end could not be told yet stays open.
    if (refused !== undefined && limited && decision.kind === 'closed') continue;
    told.push({ decision, told: refused === undefined });
  }
  return [...reasons, ...(await record(job, ledgerBranch, told, now))];
}

async function tellOne(job: GitHubJob, decision: Decision): Promise<readonly Reason[] | undefined> {
  const { client, login } = job;
  const number = decision.window.pr;
  if (decision.alarm) {
    const name = `watch ${number} ${decision.window.sha}`;
    const raised = await raiseAlarm(client, { name, label: 'obsgate-alarm', ...renderWatchAlarm(decision) });
    if (raised.kind === 'refused') return raised.reasons;
  }
  const sticky = { number, name: 'watch', body: renderWatchComment(decision) };
  const first = decision.window.last === undefined;
  return tellPull(client, login === undefined ? sticky : { ...sticky, author: login }, first);
}

async function record(job: GitHubJob, branch: string, told: readonly Told[], now: number): Promise<readonly Reason[]> {
  // What could not be told and is on record as such says nothing new.
  const news = told.filter(({ decision, told: done }) => done || decision.window.last?.key !== decision.key);
  const ids = news.map(({ decision, told: done }) => watchEntryId(decision, done)).values();
  const newId = (): string => ids.next().value ?? crypto.randomUUID();
  const ledger = ledgerPort(job.client, { branch, run: job.run, actor: job.login ?? 'obsgate', newId });
  const appended = await ledger.append(news.map(({ decision, told: done }) => watchEntry(decision, done, now)));
  return appended.kind === 'refused' ? appended.reasons : [];
}
