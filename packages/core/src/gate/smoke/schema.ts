import * as z from 'zod';
import { parseDuration } from '../../kernel/index.ts';

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** `fail` (default), `hold`: undecided, the stage is an error; `pass`: an empty result is allowed. */
export const ON_MISSING = ['fail', 'hold', 'pass'] as const;

const duration = z.string().refine((text) => (parseDuration(text)?.ms ?? 0) > 0, {
  error: (issue) => `${JSON.stringify(issue.input)} is no duration above zero; write 30s, 5m or 1h30m`,
});

const op = z.enum(COMPARISONS);

const count = z
  .strictObject({ op: op.default('=='), value: z.number().int().min(0) })
  .describe('How many series the result must have.');

const expectation = z
  .strictObject({
    op: op.optional().describe('Comparison that the value of every series must pass.'),
    value: z.number().optional().describe('Right side of op.'),
    between: z
      .tuple([z.number(), z.number()])
      .refine(([low, high]) => low <= high, 'the first bound is above the second')
      .optional()
      .describe('Lowest and highest value allowed, both included.'),
    tolerance: z.number().min(0).default(0).describe('Absolute distance that still counts as equal.'),
    series: z.enum(['all', 'any']).default('all').describe('Whether every series must pass, or one is enough.'),
    count: count.optional(),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .describe('Labels and values that every series must carry; an empty value means that the label is absent.'),
  })
  .refine((item) => (item.op === undefined) === (item.value === undefined), 'op and value belong together')
  .refine((item) => item.op === undefined || item.between === undefined, 'use op or between, not both')
  .refine(
    (item) =>
      item.op !== undefined || item.between !== undefined || item.count !== undefined || item.labels !== undefined,
    'nothing is expected: give op and value, between, count or labels',
  );

const query = z.strictObject({
  name: z.string().min(1).describe('Name in reports; unique over all smoke files.'),
  description: z.string().optional(),
  expr: z.string().min(1).describe('PromQL; ${REALM} stands for the realm.'),
  expect: expectation,
  for: duration.optional().describe('The expectation must have held at every step of this time up to now.'),
  step: duration.default('15s').describe('Step for `for`.'),
  on_missing: z.enum(ON_MISSING).default('fail').describe('What an empty result, a gap or NaN means.'),
});

const inputSeries = z.strictObject({
  series: z.string().min(1).describe('A series as in unit tests: name{label="value"}.'),
  values: z
    .string()
    .min(1)
    .describe("Values as in unit tests (`1+1x10 _ 5`), the last one lying at now; or `timestamp`: each sample's time."),
});

const history = z.strictObject({
  interval: duration.default('60s').describe('Time between two values.'),
  input_series: z.array(inputSeries).default([]),
});

/** A smoke file: named queries with what is expected of them, and what the sandbox has seen before. */
export const smokeSchema = z.strictObject({
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('Name to pick this file by; default: the file name without folder and extension.'),
  queries: z.array(query).min(1, 'a smoke file without queries proves nothing'),
  history: history
    .optional()
    .describe('Series of the sandbox; default: ticks for every raw heartbeat that the rules read.'),
});

export type SmokeFile = z.infer<typeof smokeSchema>;
export type SmokeQuery = SmokeFile['queries'][number];
export type SmokeHistory = z.infer<typeof history>;
export type Expectation = SmokeQuery['expect'];
