import * as z from 'zod';
import { parseDuration } from '../../kernel/index.ts';

const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: (issue) =>
    `${JSON.stringify(issue.input)} is no duration; write a number and a unit, such as 60s, 5m or 1h30m`,
});
const expression = z.string().trim().min(1, { error: 'the expression is empty' });

export const ON_MISSING = ['hold', 'breach', 'ignore'] as const;
/** A name is part of a file's name, so it has no slash and does not begin with a dot. */
export const METRIC_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_ .:()%-]*$/u;

/** One objective. Which keys belong together is checked by {@link checkForm}: it names the form that is meant. */
const objective = z
  .strictObject({
    bad: expression.optional().describe('Bad requests in a slice: sum(increase(errors_total[1m])).'),
    total: expression.optional().describe('All requests in a slice: sum(increase(requests_total[1m])).'),
    histogram: expression.optional().describe('Selector of the _bucket series of a classic histogram.'),
    le: z.number().positive().optional().describe('Bound of the bucket, in seconds: slower requests are bad.'),
    query: expression.optional().describe('A value to compare with min or max.'),
    min: z.number().optional().describe('Least value of the query.'),
    max: z.number().optional().describe('Greatest share of bad requests, or greatest value of the query.'),
    threshold: z.number().optional().describe('Older name of max (of min, where more is better).'),
    for: duration.optional().describe('How long the objective must be broken without a break.'),
    on_missing: z.enum(ON_MISSING).default('hold').describe('What missing data mean.'),
    description: z.string().optional(),
  })
  .superRefine(checkForm);

type ObjectiveKeys = { readonly [key in 'bad' | 'total' | 'histogram' | 'query']?: string | undefined } & {
  readonly [key in 'le' | 'min' | 'max' | 'threshold']?: number | undefined;
};

function checkForm(value: ObjectiveKeys, context: z.core.$RefinementCtx<ObjectiveKeys>): void {
  const problem = formProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
}

function formProblem(value: ObjectiveKeys): string | undefined {
  const has = (key: keyof ObjectiveKeys): boolean => value[key] !== undefined;
  const forms = [has('bad') || has('total'), has('histogram') || has('le'), has('query')].filter(Boolean).length;
  if (forms === 0) return 'no data: write bad and total, or histogram and le, or query';
  if (forms > 1) return 'more than one form: write bad and total, or histogram and le, or query';
  if (has('query')) {
    const limits = (['min', 'max', 'threshold'] as const).filter(has);
    return limits.length === 1 ? undefined : 'a query needs exactly one of min, max and threshold';
  }
  if (has('bad') !== has('total')) return 'bad and total belong together';
  if (has('histogram') !== has('le')) return 'histogram and le belong together';
  if (!has('max') || has('min') || has('threshold')) return 'write the greatest share of bad requests as max';
  const max = value.max ?? Number.NaN;
  return max > 0 && max < 1 ? undefined : `max is a share between 0 and 1, and ${max} is not: 0.3 % is 0.003`;
}

/** A file of `.slo/`: what users have (`query`, `threshold`) and the better forms, in one schema. */
export const sloSchema = z.strictObject({
  window: duration.default('120m').describe('How long the service is watched after a merge.'),
  step: duration.default('60s').describe('Length of a slice, at least 60s.'),
  slo: z
    .record(
      z.string().regex(METRIC_NAME, { error: 'a name begins with a letter or digit and has no slash in it' }),
      objective,
    )
    .refine((value) => Object.keys(value).length > 0, { error: 'no objective is named' }),
  combine: z
    .union([z.literal('any'), z.strictObject({ 'all-of': z.array(z.string()).min(1) })], {
      error: 'write any, or all-of: [names]',
    })
    .default('any')
    .describe('any: one broken objective is a breach; all-of: only when all of these are broken.'),
  rollback: z.unknown().optional().describe('Read by the rollback, not by the judge.'),
  notify: z.unknown().optional().describe('Read by the reports, not by the judge.'),
});

export type SloFile = z.infer<typeof sloSchema>;
export type ObjectiveFile = SloFile['slo'][string];
