import type { LintRule } from '../../model.ts';

const nothing = (): [] => [];

/** Rules about the lint's own comments and baseline; the engine finds these while it applies them. */
export const metaRules: readonly LintRule[] = [
  {
    id: 'lint/disable-without-reason',
    summary: 'A comment that disables a rule says why.',
    docs: 'docs/rules/lint/disable-without-reason.md',
    severity: 'error',
    reach: 'rule',
    check: nothing,
  },
  {
    id: 'lint/disable-unknown',
    summary: 'A comment for obsgate is understood and names rules that exist.',
    docs: 'docs/rules/lint/disable-unknown.md',
    severity: 'warning',
    reach: 'rule',
    check: nothing,
  },
  {
    id: 'lint/disable-unused',
    summary: 'A comment that disables a rule disables something.',
    docs: 'docs/rules/lint/disable-unused.md',
    severity: 'warning',
    reach: 'project',
    check: nothing,
  },
  {
    id: 'lint/baseline-stale',
    summary: 'The baseline accepts only findings that exist.',
    docs: 'docs/rules/lint/baseline-stale.md',
    severity: 'warning',
    reach: 'project',
    check: nothing,
  },
];
