import type { ClassicRule } from '../state/classic-rule.ts';
import type { RuleEvaluation, Ruleset } from '../state/ruleset.ts';

export type Violation = { readonly ruleType: string; readonly message: string };

/** What one rule or ruleset says to a change, and whether this caller stands above it. */
export type Verdict =
  | {
      readonly source: 'classic';
      readonly rule: ClassicRule;
      readonly violations: readonly Violation[];
      readonly bypassed: boolean;
    }
  | {
      readonly source: 'ruleset';
      readonly ruleset: Ruleset;
      readonly violations: readonly Violation[];
      readonly bypassed: boolean;
    };

/** GitHub's refusal for a set of verdicts, `null` when the change may go through. */
export function refusalMessage(verdicts: readonly Verdict[]): string | null {
  const blocking = verdicts.filter(({ violations, bypassed }) => violations.length > 0 && !bypassed);
  const messages = [...new Set(blocking.flatMap(({ violations }) => violations.map(({ message }) => message)))];
  const [first] = messages;
  if (first === undefined) return null;
  const byRuleset = blocking.some(({ source }) => source === 'ruleset');
  return byRuleset ? `Repository rule violations found\n\n${messages.map((each) => `${each}\n\n`).join('')}` : first;
}

export function isBypassed(verdicts: readonly Verdict[]): boolean {
  return verdicts.some(({ violations, bypassed }) => violations.length > 0 && bypassed);
}

/** The lines of a rule suite. Classic rules are listed as one unnamed source. */
export function evaluations(verdicts: readonly Verdict[]): RuleEvaluation[] {
  return verdicts.flatMap((verdict) => {
    const types = verdict.source === 'ruleset' ? verdict.ruleset.rules.map(({ type }) => type) : ['protected_branch'];
    return types.map((ruleType) => {
      const failed = verdict.violations.filter((each) => verdict.source === 'classic' || each.ruleType === ruleType);
      return {
        rulesetId: verdict.source === 'ruleset' ? verdict.ruleset.id : null,
        rulesetName: verdict.source === 'ruleset' ? verdict.ruleset.name : 'protected branch',
        ruleType,
        result: failed.length > 0 ? ('fail' as const) : ('pass' as const),
        details: failed.map(({ message }) => message).join(' ') || null,
      };
    });
  });
}
