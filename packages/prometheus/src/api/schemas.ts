import { measured, missing, type Measured } from '@obsgate/core/kernel';
import * as z from 'zod';

// Answers of https://prometheus.io/docs/prometheus/latest/querying/api/. Unlike configuration, unknown keys are
// allowed: newer servers add fields.

/** What every answer of `/api/v1` is wrapped in. */
export const envelopeSchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.unknown(),
    warnings: z.array(z.string()).nullish(),
    infos: z.array(z.string()).nullish(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

const labels = z.record(z.string(), z.string());

/** `[unixSeconds, "value"]`; the value is text so that NaN and infinities survive JSON. */
const point = z.tuple([z.number(), z.string()]).transform(([at, text], context): Measured => {
  const value = parseValue(text);
  if (value !== undefined) return value === 'NaN' ? missing('nan') : measured(value, at);
  context.addIssue(`${JSON.stringify(text)} is no sample value`);
  return z.NEVER;
});

function parseValue(text: string): number | 'NaN' | undefined {
  if (text === 'NaN') return 'NaN';
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

// strictObject: a series of native histograms has `histogram(s)` instead, which is no number to compare.
const vectorSample = z.strictObject({ metric: labels, value: point });

export const instantSchema = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(vectorSample) }),
  z.object({ resultType: z.literal('scalar'), result: point }),
]);

export const rangeSchema = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.strictObject({ metric: labels, values: z.array(point) })),
});

const ruleCommon = {
  name: z.string(),
  query: z.string(),
  labels: labels.optional(),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().optional(),
  lastEvaluation: z.string(),
};

const alert = z.object({
  labels,
  annotations: labels,
  state: z.string(),
  value: z.string(),
});

const rule = z.discriminatedUnion('type', [
  z.object({ ...ruleCommon, type: z.literal('recording') }),
  z.object({
    ...ruleCommon,
    type: z.literal('alerting'),
    duration: z.number(),
    keepFiringFor: z.number().optional(),
    annotations: labels.optional(),
  }),
]);

export const rulesSchema = z.object({
  groups: z.array(z.object({ name: z.string(), file: z.string(), interval: z.number(), rules: z.array(rule) })),
});

export const alertsSchema = z.object({ alerts: z.array(alert) });

export const targetsSchema = z.object({
  activeTargets: z.array(
    z.object({
      scrapePool: z.string(),
      labels,
      scrapeUrl: z.string(),
      health: z.enum(['up', 'down', 'unknown']),
      lastError: z.string(),
    }),
  ),
});

export const buildInfoSchema = z.object({ version: z.string().min(1), revision: z.string() });
export const runtimeInfoSchema = z.object({
  startTime: z.string(),
  reloadConfigSuccess: z.boolean(),
  lastConfigTime: z.string(),
});
export const configTextSchema = z.object({ yaml: z.string() });
export const flagsSchema = z.record(z.string(), z.string());
export const formatSchema = z.string();
