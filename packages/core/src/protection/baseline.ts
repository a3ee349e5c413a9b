import * as z from 'zod';
import { compareRules, differences, type Difference } from './canonical.ts';
import type { Json, ProtectionSnapshot } from './model.ts';

/** Protection as a repository commits it: without ids, which say nothing about what is protected. */
export type Baseline = {
  readonly schema: 'obsgate.protection-baseline/1';
  readonly branches: Readonly<Record<string, Json>>;
};

/** Schema of the committed file. What stands under a branch is compared as it is. */
export const baselineSchema: z.ZodType<Baseline> = z.strictObject({
  schema: z.literal('obsgate.protection-baseline/1'),
  branches: z.record(z.string(), z.json()),
});

/** The part of a snapshot that a baseline holds. */
export function baselineOf({ classic, rules, rulesets }: ProtectionSnapshot): Json {
  const plain = {
    classic: classic === null ? null : without(classic, 'ruleId'),
    rulesets: Object.fromEntries(rulesets.map((ruleset) => [ruleset.name, without(ruleset, 'id')])),
    rules: rules.map((rule) => without(rule, 'rulesetId')).toSorted(compareRules),
  };
  // Through text: what is undefined is not there in a file either.
  return z.json().parse(JSON.parse(JSON.stringify(plain)));
}

/** How the live protection differs from what is committed for the branch: `before` is the file, `after` is live. */
export function driftFrom(committed: Json, live: ProtectionSnapshot): Difference[] {
  return differences(committed, baselineOf(live));
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _dropped, ...rest } = value;
  return rest;
}
