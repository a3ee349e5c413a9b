import type { Reason } from '../kernel/index.ts';
import type { RollbackFacts } from './facts.ts';
import { commitTrailer, revertMarker } from './names.ts';
import type { RollbackRequest } from './request.ts';

const LONGEST_TITLE = 200;

/** Text from outside as code: it forms no links, mentions or HTML there. */
export function code(text: string): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('`', "'")
    .trim();
  return line === '' ? '(nothing)' : `\`${line.slice(0, 1000)}\``;
}

/** Title of the revert, as GitHub's own button writes it. */
export function revertTitle({ pull }: RollbackFacts): string {
  return `Revert "${pull.title.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, LONGEST_TITLE)}"`;
}

/** Says in git's own words what it takes back, so that everybody who looks for that finds it. */
export function commitMessage(facts: RollbackFacts): string {
  const { pull } = facts;
  const sha = pull.merge?.sha ?? '';
  return `${revertTitle(facts)} (#${pull.number})\n\nThis reverts commit ${sha}.\n\n${commitTrailer(pull.number, sha)}\n`;
}

export function pullBody(facts: RollbackFacts, request: RollbackRequest, reasons: readonly Reason[]): string {
  const { pull } = facts;
  const lines = [
    revertMarker(pull.number, request.mergeSha),
    `Reverts #${pull.number}.`,
    '',
    `This reverts commit ${request.mergeSha}.`,
    '',
    `Why: ${code(request.reason)}`,
    ...(request.metrics.length === 0 ? [] : [`Metrics in breach: ${request.metrics.map(code).join(', ')}`]),
    ...(request.verdict === '' ? [] : [`Verdict: ${code(request.verdict)}`]),
  ];
  return [...lines, ...because('It is not merged without a person or its checks, because:', reasons), ''].join('\n');
}

function because(heading: string, reasons: readonly Reason[]): string[] {
  if (reasons.length === 0) return [];
  return ['', heading, '', ...reasons.map((reason) => `- ${reasonLine(reason)}`)];
}

export function reasonLine({ code: name, message }: Reason): string {
  return `\`${name}\`: ${code(message)}`;
}
