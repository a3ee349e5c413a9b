import type { Reason } from '../kernel/index.ts';
import { differences, objectOf, type Difference } from './canonical.ts';
import { RULESET_FIELD, withoutActor, type Edit, type ReviewField } from './edit.ts';
import type { ClassicProtection, Ruleset } from './model.ts';
import type { EditTarget, UndoWrite } from './port.ts';
import { sameTarget } from './target.ts';

/** What has to be written so that nothing of our edit is left in the rule. */
export type UndoPlan =
  /** Nothing of ours is open. `foreign`: how the rule differs from what it was before the edit. */
  | { readonly kind: 'nothing'; readonly foreign: readonly Difference[] }
  /** Write this. `foreign`: what somebody else changed since, which stays as it is. */
  | { readonly kind: 'write'; readonly undo: UndoWrite; readonly foreign: readonly Difference[] }
  /** A person has to look. `left` says whether our edit is gone with the rule or may still be open. */
  | { readonly kind: 'stopped'; readonly reason: Reason; readonly left: 'nothing' | 'unknown' };

/**
 * Three-way undoing on the one rule that was edited: `before` the edit, `written` by it, `live` now.
 *
 * Only the edited field or entry is ever touched, and only towards more protection: a count is raised to what it was
 * and never lowered, a switch is turned on, our own app is taken off the list. So neither a third party's hardening
 * nor anything else of theirs can be lost, and a replayed plan can loosen nothing.
 */
export function planUndo(
  edit: Edit,
  branch: string,
  state: { readonly before: EditTarget; readonly written: EditTarget; readonly live: EditTarget },
): UndoPlan {
  const { before, written, live } = state;
  if (sameTarget(live, before)) return { kind: 'nothing', foreign: [] };
  const undone = undo(edit, live);
  if (undone.kind === 'stopped') return undone;
  if (undone.kind === 'unchanged') return { kind: 'nothing', foreign: differences(before, live) };
  return { kind: 'write', undo: { edit, branch, target: undone.target }, foreign: differences(written, live) };
}

type Undone =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly target: EditTarget }
  | Extract<UndoPlan, { kind: 'stopped' }>;

function undo(edit: Edit, live: EditTarget): Undone {
  if (edit.kind === 'classic-bypass' || edit.kind === 'classic-field') {
    if (live.kind !== 'classic' || live.rule === null) return gone('the protection rule no longer exists');
    return undoClassic(edit, live.rule);
  }
  if (live.kind !== 'ruleset' || live.ruleset === null) return gone('the ruleset no longer exists');
  return undoRuleset(edit, live.ruleset);
}

function undoClassic(
  edit: Extract<Edit, { kind: 'classic-bypass' | 'classic-field' }>,
  rule: ClassicProtection,
): Undone {
  const { reviews } = rule;
  if (reviews === null) return gone('the protection rule no longer asks for reviews');
  if (edit.kind === 'classic-bypass') {
    const { bypassAllowances } = reviews;
    if (!bypassAllowances.apps.includes(edit.app)) return { kind: 'unchanged' };
    const apps = bypassAllowances.apps.filter((app) => app !== edit.app);
    return classic({ ...rule, reviews: { ...reviews, bypassAllowances: { ...bypassAllowances, apps } } });
  }
  const { name, from } = edit.field;
  return atLeast(reviews[name], from)
    ? { kind: 'unchanged' }
    : classic({ ...rule, reviews: { ...reviews, [name]: from } });
}

function undoRuleset(edit: Extract<Edit, { kind: 'ruleset-bypass' | 'ruleset-field' }>, ruleset: Ruleset): Undone {
  if (ruleset.bypassActors === 'hidden') {
    return {
      kind: 'stopped',
      left: 'unknown',
      reason: {
        code: 'bypass_hidden',
        message: `the bypass list of ruleset "${ruleset.name}" is not shown to this token`,
      },
    };
  }
  if (edit.kind === 'ruleset-bypass') {
    const bypassActors = withoutActor(ruleset.bypassActors, edit.actor);
    if (bypassActors.length === ruleset.bypassActors.length) return { kind: 'unchanged' };
    return { kind: 'changed', target: { kind: 'ruleset', ruleset: { ...ruleset, bypassActors } } };
  }
  return undoRulesetField(edit.field, ruleset);
}

function undoRulesetField(field: ReviewField, ruleset: Ruleset): Undone {
  const key = RULESET_FIELD[field.name];
  if (!ruleset.rules.some(({ type }) => type === 'pull_request')) {
    return gone(`ruleset "${ruleset.name}" no longer asks for pull requests`);
  }
  let changed = false;
  const rules = ruleset.rules.map((rule) => {
    if (rule.type !== 'pull_request') return rule;
    const parameters = objectOf(rule.parameters);
    if (atLeast(parameters[key], field.from)) return rule;
    changed = true;
    return { ...rule, parameters: { ...parameters, [key]: field.from } };
  });
  return changed
    ? { kind: 'changed', target: { kind: 'ruleset', ruleset: { ...ruleset, rules } } }
    : { kind: 'unchanged' };
}

/** Whether a live value protects at least as much as the value before the edit; one that is not there does not. */
function atLeast(live: unknown, from: number | true): boolean {
  return from === true ? live === true : typeof live === 'number' && live >= from;
}

function classic(rule: ClassicProtection): Undone {
  return { kind: 'changed', target: { kind: 'classic', rule } };
}

function gone(message: string): Undone {
  return { kind: 'stopped', left: 'nothing', reason: { code: 'protection_replaced', message } };
}
