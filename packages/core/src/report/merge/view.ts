import type { Reason } from '../../kernel/index.ts';
import type { MergeOutcome, MergePlan, MergeReport } from '../../merge/index.ts';

/** One pull request as it was decided and, unless nothing was to be done, as it went. */
export type MergeView = {
  readonly plan: MergePlan;
  /** Null: nothing was begun, because of what the plan says or because only the plan was asked for. */
  readonly report: MergeReport | null;
  readonly dryRun: boolean;
};

export function outcomeOf({ plan, report }: MergeView): MergeOutcome {
  return report?.outcome ?? plan.outcome;
}

export function reasonsOf({ plan, report }: MergeView): readonly Reason[] {
  return report?.reasons ?? plan.reasons;
}

/** The first sentence of every report: what happened to the pull request. */
export function headline(view: MergeView): string {
  const { plan, report, dryRun } = view;
  const rung = plan.rung?.name ?? 'no way';
  if (report === null) {
    if (plan.outcome === 'hold') return 'waits for what is still under way';
    if (plan.outcome === 'fail') return 'is not merged';
    return dryRun ? `would be merged (${rung}); this is a dry run, nothing was changed` : `may be merged (${rung})`;
  }
  const open = report.restore === 'open' || report.restore === 'unseen';
  if (open) return `${report.merged ? 'is merged, but' : 'is not merged, and'} the protection may still be relaxed`;
  if (report.merged) return report.outcome === 'pass' ? `is merged (${rung})` : 'is merged, but something is wrong';
  return report.outcome === 'hold' ? 'is not merged yet' : 'is not merged';
}
