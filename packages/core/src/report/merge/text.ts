import { displayText } from '../display-text.ts';
import type { Reason } from '../../kernel/index.ts';
import type { MergePlan } from '../../merge/index.ts';
import { headline, outcomeOf, reasonsOf, type MergeView } from './view.ts';

/** For a terminal or a log: every gate, the way that was taken or why none is open, and each step. */
export function renderMergeText(view: MergeView): string {
  const { plan, report } = view;
  const { pull } = plan.facts;
  const scenario = plan.evaluation.pack?.scenario ?? 'no scenario';
  const lines = [
    `#${pull.number} ${headline(view)}`,
    `  ${pull.head.sha} into ${shown(pull.base.branch)} at ${pull.base.sha}, ${scenario}, ${plan.method}`,
    '',
    ...gateLines(plan),
    ...rungLines(plan),
    ...(report?.steps ?? []).map(
      ({ step, end, ms, reasons }) => `  ${step.padEnd(12)} ${end.padEnd(6)} ${Math.round(ms)} ms${codesOf(reasons)}`,
    ),
    ...(report === null || report.windowMs === null ? [] : [`  window       ${report.windowMs} ms`]),
    ...reasonsOf(view).map((reason) => `  ${reasonLine(reason)}`),
    `outcome: ${outcomeOf(view)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function gateLines({ evaluation }: MergePlan): string[] {
  return [
    ...evaluation.verdicts.flatMap(({ gate, outcome, refusals, notes }) => [
      `  ${gate.padEnd(12)} ${outcome}`,
      ...refusals.map(({ code, message, help }) => `    ${code}: ${shown(message)} ${shown(help)}`),
      ...notes.map((note) => `    ${shown(note)}`),
    ]),
    '',
  ];
}

function rungLines({ refusedRungs, rung, edit }: MergePlan): string[] {
  if (refusedRungs.length === 0 && rung === null) return [];
  return [
    ...refusedRungs.flatMap(({ rung: name, reasons }) => [
      `  ${name.padEnd(16)} refused`,
      ...reasons.map((reason) => `    ${reasonLine(reason)}`),
    ]),
    ...(rung === null ? [] : [`  ${rung.name.padEnd(16)} taken`]),
    ...(edit?.changes ?? []).map(
      ({ path, before, after }) =>
        `    ${shown(path)}: ${shown(JSON.stringify(before))} -> ${shown(JSON.stringify(after))} -> back`,
    ),
    '',
  ];
}

function reasonLine({ code, message, subject }: Reason): string {
  return `${code}: ${shown(message)}${subject === undefined ? '' : ` (${shown(subject)})`}`;
}

function codesOf(reasons: readonly Reason[]): string {
  return reasons.length === 0 ? '' : ` ${[...new Set(reasons.map(({ code }) => code))].join(', ')}`;
}

function shown(text: string): string {
  return displayText(text).text;
}
