import { describe, expect, test } from 'vitest';
import type { CheckNow, Merger, Rung } from '../merge/index.ts';
import type { ProtectionSnapshot } from '../protection/index.ts';
import { standingChecks } from './standing-checks.ts';

const APP: Merger = { kind: 'app', id: 7, slug: 'obsgate' };
const PLAIN: Rung = { name: 'plain', edit: null };
const actor = { actorId: 7, actorType: 'Integration', bypassMode: 'always' };
const ADD: Rung = { name: 'add-bypass', edit: { kind: 'ruleset-bypass', rulesetId: 1, actor } };

function snapshot(bypassActors: ProtectionSnapshot['rulesets'][number]['bypassActors']): ProtectionSnapshot {
  const parameters = { required_status_checks: [{ context: 'build', integration_id: 9 }] };
  const rule = { type: 'required_status_checks', parameters };
  return {
    schema: 'obsgate.protection/1',
    repositoryId: 1,
    ownerType: 'Organization',
    branch: 'main',
    classic: null,
    rules: [{ ...rule, rulesetId: 1, rulesetSource: 'Repository' }],
    rulesets: [
      {
        id: 1,
        name: 'r',
        source: 'Repository',
        enforcement: 'active',
        target: 'branch',
        conditions: null,
        rules: [rule],
        bypassActors,
      },
    ],
  };
}

function check(state: CheckNow['state'], appId = 9): CheckNow {
  return { name: 'build', id: 1, appId, state };
}

describe('a required check', () => {
  test.each<[string, ProtectionSnapshot, Merger, Rung, readonly CheckNow[] | null, string[]]>([
    ['is waited for by whom no bypass lifts it', snapshot([]), APP, PLAIN, [], ['check_missing']],
    ['is lifted by the bypass that is there', snapshot([actor]), APP, PLAIN, [], []],
    ['is lifted by the bypass that the rung adds', snapshot([]), APP, ADD, [], []],
    ['is not lifted by a hidden list', snapshot('hidden'), APP, PLAIN, [], ['check_missing']],
    ['is not lifted for a plain token', snapshot([actor]), { kind: 'unknown' }, PLAIN, [], ['check_missing']],
    ['is waited for while it runs', snapshot([]), APP, PLAIN, [check('pending')], ['check_pending']],
    ['is not met by a red one', snapshot([]), APP, PLAIN, [check('not_green')], ['check_not_green']],
    ['is met by a green one', snapshot([]), APP, PLAIN, [check('green')], []],
    ['is not met by that of another app', snapshot([]), APP, PLAIN, [check('green', 8)], ['check_missing']],
    ['is not met by a list that was cut off', snapshot([]), APP, PLAIN, null, ['checks_incomplete']],
  ])('%s', (_, protection, merger, rung, checks, codes) => {
    expect(standingChecks(protection, merger, rung, checks).map(({ code }) => code)).toEqual(codes);
  });
});
