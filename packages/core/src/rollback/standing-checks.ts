import type { Reason } from '../kernel/index.ts';
import type { CheckNow, Merger, Rung } from '../merge/index.ts';
import type { Json, ProtectionSnapshot } from '../protection/index.ts';

/**
 * Checks that GitHub will ask for whatever the proof says: those of the classic rule, which no app bypasses, and those
 * of rulesets that the app neither stands on the bypass list of nor is put on it. A window is not opened before they
 * are green.
 */
export function standingChecks(
  snapshot: ProtectionSnapshot,
  merger: Merger,
  rung: Rung,
  checks: readonly CheckNow[] | null,
): Reason[] {
  const wanted = [
    ...(snapshot.classic?.statusChecks?.checks ?? []),
    ...snapshot.rules
      .filter(
        ({ type, rulesetId }) => type === 'required_status_checks' && !isLifted(snapshot, rulesetId, merger, rung),
      )
      .flatMap(({ parameters }) => checksOf(parameters)),
  ];
  if (wanted.length === 0) return [];
  if (checks === null) return [{ code: 'checks_incomplete', message: 'there are more checks than can be read' }];
  return wanted.flatMap((want) => missing(want, checks));
}

type Wanted = { readonly context: string; readonly appId: number | null };

function isLifted(snapshot: ProtectionSnapshot, rulesetId: number, merger: Merger, rung: Rung): boolean {
  if (rung.edit?.kind === 'ruleset-bypass' && rung.edit.rulesetId === rulesetId) return true;
  const actors = snapshot.rulesets.find(({ id }) => id === rulesetId)?.bypassActors ?? 'hidden';
  if (actors === 'hidden' || merger.kind !== 'app') return false;
  return actors.some(({ actorType, actorId }) => actorType === 'Integration' && actorId === merger.id);
}

function checksOf(parameters: Json): Wanted[] {
  const list = objectOf(parameters)?.['required_status_checks'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Json) => {
    const check = objectOf(each);
    const context = check?.['context'];
    const appId = check?.['integration_id'];
    return typeof context === 'string' ? [{ context, appId: typeof appId === 'number' ? appId : null }] : [];
  });
}

function objectOf(value: Json): { readonly [key: string]: Json } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Arrays are out: what is left of JSON's objects has names.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as { readonly [key: string]: Json };
}

function missing({ context, appId }: Wanted, checks: readonly CheckNow[]): Reason[] {
  const reports = checks.filter((check) => check.name === context && (appId === null || check.appId === appId));
  if (reports.length === 0)
    return [
      { code: 'check_missing', message: 'a required check that cannot be bypassed is not there yet', subject: context },
    ];
  if (reports.some(({ state }) => state === 'pending'))
    return [
      { code: 'check_pending', message: 'a required check that cannot be bypassed is running', subject: context },
    ];
  if (reports.every(({ state }) => state === 'green' || state === 'neutral')) return [];
  return [
    { code: 'check_not_green', message: 'a required check that cannot be bypassed is not green', subject: context },
  ];
}
