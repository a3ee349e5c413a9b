import type { Reason } from '../../kernel/index.ts';
import type { MergePlan, MergeReport } from '../../merge/index.ts';
import { outcomeOf, reasonsOf, type MergeView } from './view.ts';

/** The decision and what came of it as `obsgate.merge/1`, ready for `JSON.stringify`. */
export function toMergeJson(view: MergeView): Readonly<Record<string, unknown>> {
  const { plan, report, dryRun } = view;
  const { pull } = plan.facts;
  return {
    schema: 'obsgate.merge/1',
    outcome: outcomeOf(view),
    reasons: reasonsOf(view).map(reasonJson),
    pr: pull.number,
    base: pull.base.branch,
    base_sha: pull.base.sha,
    head_sha: pull.head.sha,
    scenario: plan.evaluation.pack?.scenario ?? null,
    method: plan.method,
    dry_run: dryRun,
    gates: plan.evaluation.verdicts.map(({ gate, outcome, refusals, notes }) => ({ gate, outcome, refusals, notes })),
    rung: plan.rung?.name ?? null,
    refused_rungs: plan.refusedRungs.map(({ rung, reasons }) => ({ rung, reasons: reasons.map(reasonJson) })),
    edit: editJson(plan),
    merged: report?.merged ?? false,
    sha: report?.sha ?? null,
    window_ms: report?.windowMs ?? null,
    restore: report?.restore ?? null,
    steps: stepsJson(report),
  };
}

export function renderMergeJson(view: MergeView): string {
  return `${JSON.stringify(toMergeJson(view), null, 2)}\n`;
}

function editJson({ edit, rung }: MergePlan): unknown {
  if (edit === null || rung === null || rung.edit === null) return null;
  return { ...rung.edit, changes: edit.changes, relax: edit.relax, restore: edit.restore };
}

function stepsJson(report: MergeReport | null): unknown[] {
  return (report?.steps ?? []).map(({ step, end, reasons, ms }) => ({
    step,
    end,
    ms: Math.round(ms),
    reasons: reasons.map(reasonJson),
  }));
}

function reasonJson({ code, message, subject }: Reason): Readonly<Record<string, string>> {
  return { code, message, ...(subject === undefined ? {} : { subject }) };
}
