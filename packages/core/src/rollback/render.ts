import type { RollbackPlan } from './plan.ts';
import type { RollbackReport } from './report.ts';
import { code, reasonLine } from './texts.ts';

/** What is planned or was done, for a terminal. Text from outside is quoted as JSON. */
export function renderRollbackText(report: RollbackReport): string {
  const { request, outcome, plan, revertPull, revertSha, recovery, incident, reasons, merge } = report;
  const rows: [string, string][] = [
    ['pull request', `#${request.pull}, merged as ${request.mergeSha}`],
    ['outcome', outcome],
    ['plan', plan === null ? 'none: the facts could not be read' : planText(plan)],
    ...(request.mode === 'shadow' ? [['mode', 'shadow: nothing was changed'] as [string, string]] : []),
    ...(revertPull === null ? [] : [['revert', `#${revertPull}`] as [string, string]]),
    ...(revertSha === null ? [] : [['reverted by', revertSha] as [string, string]]),
    ...(merge === null ? [] : [['merged by', `${merge.rung}, protection ${merge.restore}`] as [string, string]]),
    ...(recovery === null ? [] : [['recovery', recovery.kind] as [string, string]]),
    ...(incident === null ? [] : [['incident', `#${incident}`] as [string, string]]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  return [...lines, ...reasons.map(({ code: name, message }) => `${name}: ${oneLine(message)}`), ''].join('\n');
}

/** The same as Markdown, for the job summary. */
export function renderRollbackMarkdown(report: RollbackReport): string {
  const { request, outcome, plan, revertPull, revertSha, recovery, reasons, timeline } = report;
  return [
    `### Rollback of #${request.pull}: ${outcome}`,
    '',
    `Merged as ${request.mergeSha}. ${plan === null ? '' : code(planText(plan))}`,
    ...(request.mode === 'shadow' ? ['Shadow mode: nothing was changed.'] : []),
    ...(revertPull === null ? [] : [`Revert: #${revertPull}`]),
    ...(revertSha === null ? [] : [`Reverted by ${revertSha}`]),
    ...(recovery === null ? [] : [`Recovery: **${recovery.kind}**`]),
    '',
    ...reasons.map((reason) => `- ${reasonLine(reason)}`),
    ...(timeline.length === 0 ? [] : ['', '| time | what happened |', '| --- | --- |']),
    ...timeline.map(({ at, what }) => `| ${at} | ${what} |`),
    '',
  ].join('\n');
}

function planText(plan: RollbackPlan): string {
  switch (plan.kind) {
    case 'done':
      return `taken back already (known by ${plan.already.by})`;
    case 'refuse':
      return 'no rollback';
    case 'revert':
      return `${WAYS[plan.way]}, ${LANDS[plan.land]}${plan.resume === null ? '' : `, going on with #${plan.resume.number}`}`;
  }
}

const WAYS = {
  tree: 'the tree from before the merge, on the merge',
  'three-way': 'a three-way revert on later commits',
  github: "GitHub's own revert",
} as const;

const LANDS = {
  merge: 'merged by the proof of the trees',
  commit: 'straight to the base branch by the proof of the trees',
  ask: 'as a pull request that a person or its checks decide about',
} as const;

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
