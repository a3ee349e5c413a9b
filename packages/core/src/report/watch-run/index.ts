import type { Outcome, Reason } from '../../kernel/index.ts';
import type { BreachEntry, Decision } from '../../watch/index.ts';
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import { renderWatchMarkdown, sparkline } from '../watch/index.ts';

/** What one run of the watch found. */
export type WatchRun = {
  readonly outcome: Outcome;
  /** What kept the run from doing its work; the reasons of verdicts stand with their windows. */
  readonly reasons: readonly Reason[];
  readonly now: number;
  readonly decisions: readonly Decision[];
  /** Windows that have not settled yet. */
  readonly waiting: number;
  readonly breaches: readonly BreachEntry[];
  /** Range queries that were asked. */
  readonly asked: number;
};

/** `obsgate.watch-run/1`: every window that was looked at, and the matrix of breaches. */
export function watchRunJson(run: WatchRun): unknown {
  return {
    schema: 'obsgate.watch-run/1',
    outcome: run.outcome,
    reasons: run.reasons,
    now: time(run.now),
    waiting: run.waiting,
    queries: run.asked,
    breaches: run.breaches,
    windows: run.decisions.map(({ window, kind, outcome, reasons, metrics, digest, verdicts }) => ({
      pr: window.pr,
      merge_sha: window.sha,
      base: window.base,
      scenario: window.scenario,
      merged_at: time(window.mergedAt),
      state: kind,
      outcome,
      reasons,
      metrics,
      verdict: digest,
      slo: verdicts.map(({ spec }) => spec.file),
    })),
  };
}

/** The comment on a pull request: what came of its watch, and every verdict with its charts. */
export function renderWatchComment(decision: Decision): string {
  const verdicts = decision.verdicts.map(
    (verdict) => `${codeSpan(verdict.spec.file)}\n\n${renderWatchMarkdown(verdict)}`,
  );
  return `### Watch after the merge: ${headline(decision)}\n\n${explanation(decision)}\n\n${verdicts.join('\n')}`;
}

/** The job summary: a line a window. */
export function renderWatchRun(run: WatchRun): string {
  const lines = [
    `### post-merge-quality-watch: ${run.outcome}`,
    '',
    `${plural(run.decisions.length, 'window')} judged, ${run.waiting} not settled yet, ${run.breaches.length} handed to the rollback, ${plural(run.asked, 'range query', 'range queries')}.`,
    '',
    ...run.reasons.map(reasonLine),
  ];
  if (run.decisions.length > 0) {
    lines.push(
      '',
      '| pull request | merged | outcome | state | why | before and after |',
      '| :-- | :-- | :-- | :-- | :-- | :-- |',
    );
  }
  // A summary may have 1 MiB a step: what matters most stands first, and the report has all of it.
  const worst = run.decisions.toSorted((a, b) => RANKS.indexOf(a.outcome) - RANKS.indexOf(b.outcome));
  lines.push(...worst.slice(0, MOST_ROWS).map(row));
  if (worst.length > MOST_ROWS) lines.push('', `_and ${worst.length - MOST_ROWS} more in the report_`);
  return `${lines.join('\n')}\n`;
}

/** The issue that calls people to windows that nobody could act on. */
export function renderWatchAlarm(decision: Decision): { readonly title: string; readonly body: string } {
  const { window } = decision;
  const title =
    decision.outcome === 'breach'
      ? `A breach after #${window.pr} was found too late to be taken back`
      : `The merge of #${window.pr} could not be watched`;
  return {
    title,
    body: `#${window.pr} was merged at ${time(window.mergedAt)} as ${window.sha}.\n\n${renderWatchComment(decision)}`,
  };
}

const RANKS: readonly Outcome[] = ['breach', 'error', 'hold', 'pass'];
const MOST_ROWS = 500;

function row({ window, outcome, kind, reasons, verdicts }: Decision): string {
  const codes = [...new Set(reasons.map(({ code }) => code))].map(codeSpan).join(' ');
  const lines = verdicts.flatMap(({ metrics, mergedAt }) =>
    metrics.map((metric) => codeSpan(sparkline(metric, mergedAt, 24))),
  );
  return `| #${window.pr} | ${time(window.mergedAt)} | ${outcome} | ${kind} | ${codes} | ${lines.join('<br>')} |`;
}

function headline({ kind, outcome }: Decision): string {
  if (outcome === 'breach') return 'an objective is broken';
  if (outcome === 'error') return kind === 'closed' ? 'never judged' : 'could not be judged yet';
  if (kind !== 'closed') return 'in progress';
  return outcome === 'pass' ? 'passed' : 'unproven';
}

function explanation({ kind, outcome, reasons }: Decision): string {
  const why = reasons.map(reasonLine).join('\n');
  switch (outcome) {
    case 'breach':
      return kind === 'breach'
        ? 'The data prove a breach. It has been handed to the rollback.'
        : 'The data prove a breach. The watch of this merge is over.';
    case 'error':
      return kind === 'closed'
        ? `The watch waited beyond its window and is over without a verdict. Nothing is known to be good or bad.\n\n${why}`
        : `Nothing is known to be good or bad. The watch tries again, beyond its window if it has to.\n\n${why}`;
    case 'hold':
      return kind === 'closed'
        ? 'The window is over, and the data prove neither a pass nor a breach.'
        : 'Nothing is proved yet.';
    case 'pass':
      return kind === 'closed' ? 'The window is over.' : 'All is well so far.';
  }
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function reasonLine({ code, message, subject }: Reason): string {
  const about = subject === undefined ? '' : `**${escapeMarkdown(subject)}** `;
  return `- ${about}${codeSpan(code)}: ${escapeMarkdown(message)}`;
}

function time(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace('.000Z', 'Z');
}
