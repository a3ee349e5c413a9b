import * as z from 'zod';
import { canonicalJson, compareRules, normalJson, sortedBypassActors } from './canonical.ts';
import type { ActiveRule, Json, Ruleset } from './model.ts';

// GitHub adds keys at any time, so these schemas are loose: they demand what is used and pass over the rest.

const source = z.enum(['Repository', 'Organization', 'Enterprise']);
const parameters = z.record(z.string(), z.unknown()).nullish();

const rulesetAnswer = z.looseObject({
  id: z.int().positive(),
  name: z.string(),
  source_type: source,
  enforcement: z.string(),
  target: z.string().default('branch'),
  conditions: z.unknown(),
  rules: z.array(z.looseObject({ type: z.string(), parameters })),
  bypass_actors: z
    .array(
      z.looseObject({ actor_id: z.int().nullish(), actor_type: z.string(), bypass_mode: z.string().default('always') }),
    )
    .optional(),
});

const activeRulesAnswer = z.array(
  z.looseObject({ type: z.string(), parameters, ruleset_id: z.int().positive(), ruleset_source_type: source }),
);

/**
 * Reads the answer of `GET /repos/{owner}/{repo}/rulesets/{id}` (also that of PUT).
 * Bypass actors that are absent are `hidden`, not none: only callers with write access to the ruleset see them.
 * @throws ZodError when the answer is not of that shape.
 */
export function parseRuleset(answer: unknown): Ruleset {
  const { id, name, source_type, enforcement, target, conditions, rules, bypass_actors } = rulesetAnswer.parse(answer);
  return {
    id,
    name,
    source: source_type,
    enforcement,
    target,
    conditions: normalJson(conditions ?? null),
    rules: rules
      .map((rule) => ({ type: rule.type, parameters: ruleParameters(rule.parameters) }))
      .toSorted(compareRules),
    bypassActors:
      bypass_actors === undefined
        ? 'hidden'
        : sortedBypassActors(
            bypass_actors.map(({ actor_id, actor_type, bypass_mode }) => ({
              actorId: actor_id ?? null,
              actorType: actor_type,
              bypassMode: bypass_mode,
            })),
          ),
  };
}

/**
 * Reads all pages of `GET /repos/{owner}/{repo}/rules/branches/{branch}`, put together.
 * @throws ZodError when the answer is not of that shape.
 */
export function parseActiveRules(answer: unknown): ActiveRule[] {
  return activeRulesAnswer
    .parse(answer)
    .map((rule) => ({
      type: rule.type,
      rulesetId: rule.ruleset_id,
      rulesetSource: rule.ruleset_source_type,
      parameters: ruleParameters(rule.parameters),
    }))
    .toSorted((a, b) => a.rulesetId - b.rulesetId || compareRules(a, b));
}

/** No parameters and empty ones are the same. */
function ruleParameters(given: Readonly<Record<string, unknown>> | null | undefined): Json {
  const normal = normalJson(given ?? {});
  return canonicalJson(normal) === '{}' ? null : normal;
}
