import * as z from 'zod';
import type { Edit } from './edit.ts';
import type { ProtectionSnapshot } from './model.ts';

// What is sealed in a lease. It was written by this tool, perhaps by another release of it: it is checked like any input.

const actors = z.strictObject({ users: z.array(z.string()), teams: z.array(z.string()), apps: z.array(z.string()) });

const reviews = z.strictObject({
  requiredApprovingReviewCount: z.int(),
  dismissStaleReviews: z.boolean(),
  requireCodeOwnerReviews: z.boolean(),
  requireLastPushApproval: z.boolean(),
  dismissalRestrictions: actors.nullable(),
  bypassAllowances: actors,
});

const classic = z.strictObject({
  ruleId: z.string(),
  pattern: z.string(),
  reviews: reviews.nullable(),
  statusChecks: z
    .strictObject({
      strict: z.boolean(),
      checks: z.array(z.strictObject({ context: z.string(), appId: z.int().nullable() })),
    })
    .nullable(),
  enforceAdmins: z.boolean(),
  requiredSignatures: z.boolean(),
  requiredLinearHistory: z.boolean(),
  allowForcePushes: z.boolean(),
  allowDeletions: z.boolean(),
  blockCreations: z.boolean(),
  requiredConversationResolution: z.boolean(),
  lockBranch: z.boolean(),
  allowForkSyncing: z.boolean(),
  restrictions: actors.nullable(),
  requiredDeployments: z.array(z.string()).nullable().exactOptional(),
  forcePushAllowances: actors.exactOptional(),
});

const source = z.enum(['Repository', 'Organization', 'Enterprise']);
const bypassActor = z.strictObject({ actorId: z.int().nullable(), actorType: z.string(), bypassMode: z.string() });

const ruleset = z.strictObject({
  id: z.int(),
  name: z.string(),
  source,
  enforcement: z.string(),
  target: z.string(),
  conditions: z.json(),
  rules: z.array(z.strictObject({ type: z.string(), parameters: z.json() })),
  bypassActors: z.union([z.array(bypassActor), z.literal('hidden')]),
});

export const snapshotSchema: z.ZodType<ProtectionSnapshot> = z.strictObject({
  schema: z.literal('obsgate.protection/1'),
  repositoryId: z.int(),
  ownerType: z.enum(['User', 'Organization']),
  branch: z.string(),
  classic: classic.nullable(),
  rules: z.array(z.strictObject({ type: z.string(), rulesetId: z.int(), rulesetSource: source, parameters: z.json() })),
  rulesets: z.array(ruleset),
});

const lowered = { from: z.literal(true), to: z.literal(false) };
const field = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('requiredApprovingReviewCount'), from: z.int(), to: z.int() }),
  z.strictObject({ name: z.literal('requireCodeOwnerReviews'), ...lowered }),
  z.strictObject({ name: z.literal('requireLastPushApproval'), ...lowered }),
]);

export const editSchema: z.ZodType<Edit> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('classic-bypass'), ruleId: z.string(), app: z.string() }),
  z.strictObject({ kind: z.literal('classic-field'), ruleId: z.string(), field }),
  z.strictObject({ kind: z.literal('ruleset-bypass'), rulesetId: z.int(), actor: bypassActor }),
  z.strictObject({ kind: z.literal('ruleset-field'), rulesetId: z.int(), field }),
]);

/** What a lease holds: the protection before anything was changed, and the one edit that was to be made. */
export type LeaseContent = {
  readonly schema: 'obsgate.lease/1';
  readonly snapshot: ProtectionSnapshot;
  /** Null: a merge that needs no edit, which holds the lease so that no other begins. */
  readonly edit: Edit | null;
  /** What the holder wants to find again, such as the scenario and the rung; for the audit. */
  readonly note: Readonly<Record<string, string>>;
};

export const leaseContentSchema: z.ZodType<LeaseContent> = z.strictObject({
  schema: z.literal('obsgate.lease/1'),
  snapshot: snapshotSchema,
  edit: editSchema.nullable(),
  note: z.record(z.string(), z.string()),
});

/** Puts together what is sealed; `acquire` takes it as its content. */
export function leaseContent(
  snapshot: ProtectionSnapshot,
  edit: Edit | null,
  note: Readonly<Record<string, string>> = {},
): LeaseContent {
  return { schema: 'obsgate.lease/1', snapshot, edit, note };
}
