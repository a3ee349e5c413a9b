import * as z from 'zod';
import { parseDuration } from '../kernel/index.ts';
import { CONTENT_RULES } from './content/rules.ts';
import { re2Problem } from './pattern.ts';

const glob = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith('!'), {
    error: 'a glob that begins with "!" is not understood here; put what is not allowed under deny_paths',
  })
  .refine((text) => !text.includes('\\'), { error: 'a glob is written with "/", not "\\"' });
const name = z.string().min(1);
const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: (issue) => `${JSON.stringify(issue.input)} is no duration; write a number and a unit, such as 30m or 2h`,
});
const count = z.int().min(0);

/** How far the ladder may go for a scenario. `field` includes `bypass`, which includes `none` (a plain merge). */
export const RELAX_LEVELS = ['none', 'bypass', 'field'] as const;
export type RelaxLevel = (typeof RELAX_LEVELS)[number];

/** States of a pull request in which a scenario may merge: nothing stands against it, or only the approval is missing. */
const MERGE_STATES = ['clean', 'blocked', 'unstable', 'has_hooks'] as const;

/** Reserved for reverts that are proven by their trees. It never fits a pull request by its files. */
export const REVERT_SCENARIO = 'revert';

/** The GitHub App behind GitHub Actions. */
export const ACTIONS_APP_ID = 15_368;

const checkSchema = z.strictObject({
  context: name.describe('Name of the check or status; that of a job of a called workflow counts too (caller / name).'),
  app: z
    .union([z.int().positive(), z.literal('any')])
    .default(ACTIONS_APP_ID)
    .describe('Id of the GitHub App that reports it; 15368 is GitHub Actions.'),
  workflow: name.optional().describe('Path of the workflow whose job it is, such as .github/workflows/obs-lint.yml.'),
  event: z
    .array(name)
    .optional()
    .describe('Events whose runs count (default: pull_request, push, merge_group, workflow_dispatch).'),
  accept: z
    .array(z.enum(['skipped', 'neutral']))
    .default([])
    .describe('Conclusions that count as green besides success.'),
});

const pattern = z.string().refine((text) => re2Problem(text) === undefined, {
  error: (issue) => `is no RE2 expression: ${re2Problem(String(issue.input)) ?? ''}`,
});
const contentSchema = z.strictObject({
  files: z.array(glob).min(1).default(['**']).describe('Which of the changed files the entry is about.'),
  permit: z.enum(CONTENT_RULES).optional().describe('Lifts one of the built-in content rules for these files.'),
  forbid: pattern.optional().describe('RE2 expression that no changed line of these files may match.'),
  because: z.string().min(1).describe('Why: stands in every explanation.'),
});

const base = z.strictObject({
  scenario: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'a scenario is named with small letters, digits and "-"' })
    .describe('Name of the scenario.'),
  description: z.string().default(''),
  priority: z.int().default(0).describe('Which scenario wins when several fit: the highest.'),
  allow_paths: z
    .array(glob)
    .min(1)
    .describe('Every changed file must match one of these, under both names of a rename.'),
  deny_paths: z.array(glob).default([]).describe('No changed file may match one of these, whatever its letter case.'),
  required_labels: z.array(name).default([]),
  base_branch: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe("Base branches (default: those of the configuration's merge.base_branches)."),
  required_contexts: z.array(name).default([]).describe('Checks that must be green, reported by GitHub Actions.'),
  checks: z.array(checkSchema).default([]).describe('Checks that must be green, bound to app, workflow and event.'),
  merge_state: z
    .union([z.enum(MERGE_STATES), z.array(z.enum(MERGE_STATES)).min(1)])
    .default(['clean', 'blocked'])
    .describe('clean: nothing stands against the merge; blocked: only the approval is missing.'),
  trigger_comment: z.string().min(1).optional().describe("Command (default: the configuration's merge.command)."),
  actor_roles: z
    .array(name)
    .min(1)
    .default(['write', 'maintain', 'admin'])
    .describe('Roles that may ask for the merge: built-in ones, or names of custom roles.'),
  trusted_bots: z
    .array(z.int().positive())
    .default([])
    .describe('Numeric account ids of bots that may author changes.'),
  relaxable: z.boolean().default(false).describe('Whether protection may be relaxed for the missing approval.'),
  relax: z.enum(RELAX_LEVELS).optional().describe('How far: none, bypass, field (default: bypass when relaxable).'),
  require_reviews: count.default(0).describe('Approvals of the head commit that must be there, relaxed or not.'),
  max_files: count.default(100),
  max_changes: count.default(5000).describe('Added and deleted lines together.'),
  content: z.array(contentSchema).default([]),
  watch: z
    .strictObject({ slo: z.array(glob).min(1).optional(), window: duration.optional() })
    .optional()
    .describe('SLO files and window for the watch after merges of this scenario.'),
  cooldown: duration.optional().describe('How long the scenario rests after a rollback of one of its merges.'),
});

/** One file of `rulepack/`: one scenario. */
export const rulepackSchema = base.superRefine((pack, context) => {
  const problem = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if (!pack.relaxable && pack.relax !== undefined && pack.relax !== 'none')
    problem('relax', `relax: ${pack.relax} contradicts relaxable: false; write relax: none`);
  if (pack.relaxable && pack.required_contexts.length + pack.checks.length === 0)
    problem(
      'relaxable',
      'a relaxable scenario names no check, so nothing would prove its changes; add required_contexts',
    );
  pack.content.forEach((entry, index) => {
    if ((entry.permit === undefined) === (entry.forbid === undefined))
      context.addIssue({ code: 'custom', path: ['content', index], message: 'write either permit or forbid' });
  });
});

/** A rulepack with every default filled in and the file it was read from. */
export type Rulepack = z.infer<typeof rulepackSchema> & { readonly file: string };
export type RulepackCheck = z.infer<typeof checkSchema>;

/** How far the ladder may go for this scenario. */
export function relaxLevel(pack: Rulepack): RelaxLevel {
  if (!pack.relaxable) return 'none';
  return pack.relax ?? 'bypass';
}

/** The states in which the scenario may merge. */
export function mergeStates(pack: Rulepack): readonly string[] {
  return typeof pack.merge_state === 'string' ? [pack.merge_state] : pack.merge_state;
}
