import { REVERT_SCENARIO, type Rulepack, type RulepackSet } from '../rulepack/index.ts';

/** The rulepack that reverts are merged under; null: there is none, and then protection is never relaxed for them. */
export function revertPack({ rulepacks }: RulepackSet): Rulepack | null {
  return rulepacks.find(({ scenario }) => scenario === REVERT_SCENARIO) ?? null;
}
