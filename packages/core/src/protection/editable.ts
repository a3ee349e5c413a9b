import type { Reason, ReasonCode } from '../kernel/index.ts';
import { applyEdit, type Edit } from './edit.ts';
import type { ProtectionSnapshot, Ruleset } from './model.ts';
import { KNOWN_RULE_TYPES } from './rule-types.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/**
 * Everything that forbids an edit of this protection; empty when it can be made and undone exactly.
 * All reasons are given, not only the first.
 */
export function whyNotEditable(snapshot: ProtectionSnapshot, edit: Edit, method: MergeMethod): Reason[] {
  const reasons = [...whyNotBranch(snapshot, method), ...whyNotRule(snapshot, edit)];
  if (reasons.length === 0 && applyEdit(snapshot, edit) === undefined) {
    reasons.push(reason('not_relaxable', 'the protection has not what the edit would change', snapshot.branch));
  }
  return reasons;
}

/** Rules that no lowered review and no bypass of reviews gets past, or that this release can not judge. */
function whyNotBranch({ branch, classic, rules }: ProtectionSnapshot, method: MergeMethod): Reason[] {
  const reasons: Reason[] = [];
  const types = new Set(rules.map(({ type }) => type));
  for (const type of types) {
    if (!KNOWN_RULE_TYPES.has(type)) {
      reasons.push(reason('unknown_rule_type', `a rule of the unknown type "${type}" covers ${branch}`, type));
    }
  }
  if (types.has('merge_queue')) {
    reasons.push(reason('merge_queue', `${branch} takes changes through its merge queue only`, branch));
  }
  if (classic?.lockBranch === true) reasons.push(reason('branch_locked', `${branch} is locked`, branch));
  const signed = classic?.requiredSignatures === true || types.has('required_signatures');
  // GitHub signs the commits that it makes for a merge and a squash, but does not re-sign rebased ones.
  // https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
  if (signed && method === 'rebase') {
    reasons.push(
      reason('signatures_required', `${branch} asks for signed commits, and a rebase drops signatures`, branch),
    );
  }
  return reasons;
}

function whyNotRule(snapshot: ProtectionSnapshot, edit: Edit): Reason[] {
  switch (edit.kind) {
    case 'classic-bypass':
      return snapshot.ownerType === 'User'
        ? [
            reason(
              'not_relaxable',
              'classic rules have no bypass lists on repositories that a person owns',
              edit.ruleId,
            ),
          ]
        : [];
    case 'classic-field':
      return [];
    case 'ruleset-bypass':
    case 'ruleset-field': {
      const ruleset = snapshot.rulesets.find(({ id }) => id === edit.rulesetId);
      return ruleset === undefined ? [] : whyNotRuleset(ruleset);
    }
  }
}

function whyNotRuleset(ruleset: Ruleset): Reason[] {
  const reasons: Reason[] = [];
  if (ruleset.source !== 'Repository') {
    reasons.push(
      reason(
        'org_ruleset',
        `ruleset "${ruleset.name}" belongs to the ${ruleset.source.toLowerCase()} and can only be changed there`,
        ruleset.name,
      ),
    );
  } else if (ruleset.bypassActors === 'hidden') {
    // Absent is not empty: what is not seen can not be sent back.
    reasons.push(
      reason('bypass_hidden', `the bypass list of ruleset "${ruleset.name}" is not shown to this token`, ruleset.name),
    );
  }
  for (const { type } of ruleset.rules) {
    if (!KNOWN_RULE_TYPES.has(type)) {
      reasons.push(
        reason('unknown_rule_type', `ruleset "${ruleset.name}" has a rule of the unknown type "${type}"`, type),
      );
    }
  }
  return reasons;
}

function reason(code: ReasonCode, message: string, subject: string): Reason {
  return { code, message, subject };
}
