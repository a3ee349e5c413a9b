import * as z from 'zod';
import type { GateReport, StageReport } from '../gate/index.ts';
import { STAGE_NAMES } from '../gate/report.ts';
import { REASON_CODES, SEVERITIES, type Range } from '../kernel/index.ts';

const place = {
  line: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
  end_line: z.int().min(1).optional(),
  end_column: z.int().min(1).optional(),
};

const relatedSchema = z.strictObject({ message: z.string(), file: z.string(), ...place });

const findingSchema = z.strictObject({
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  message: z.string(),
  help: z.string().optional(),
  file: z.string().optional(),
  ...place,
  related: z.array(relatedSchema).optional(),
  fingerprint: z.string(),
});

const caseSchema = z.strictObject({
  name: z.string(),
  suite: z.string(),
  file: z.string().optional(),
  ...place,
  outcome: z.enum(['pass', 'fail', 'error', 'skipped']),
  duration_ms: z.number().min(0),
  message: z.string().optional(),
});

const reasonSchema = z.strictObject({
  code: z.enum(REASON_CODES),
  message: z.string(),
  subject: z.string().optional(),
});

const stageSchema = z.strictObject({
  name: z.enum(STAGE_NAMES),
  outcome: z.enum(['pass', 'fail', 'error', 'skipped']),
  duration_ms: z.number().min(0),
  reasons: z.array(reasonSchema),
  facts: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.array(z.string())])),
  findings: z.array(findingSchema),
  cases: z.array(caseSchema),
});

/** `obsgate.gate/1`, the JSON report of the gate. Times are whole milliseconds; lines and columns count from 1. */
export const gateSchema = z.strictObject({
  schema: z.literal('obsgate.gate/1'),
  outcome: z.enum(['pass', 'fail', 'error']),
  duration_ms: z.number().min(0),
  tools: z.record(z.string(), z.array(z.string())),
  stages: z.array(stageSchema),
});
export type GateJson = z.output<typeof gateSchema>;

type PlaceJson = Pick<z.output<typeof findingSchema>, 'line' | 'column' | 'end_line' | 'end_column'>;

/** Turns a parsed `obsgate.gate/1` back into the report that it was written from. */
export function fromGateJson(json: GateJson): GateReport {
  return { outcome: json.outcome, durationMs: json.duration_ms, tools: json.tools, stages: json.stages.map(toStage) };
}

function toStage(stage: z.output<typeof stageSchema>): StageReport {
  return {
    name: stage.name,
    outcome: stage.outcome,
    durationMs: stage.duration_ms,
    reasons: stage.reasons.map(({ subject, ...rest }) => ({ ...rest, ...(subject === undefined ? {} : { subject }) })),
    facts: stage.facts,
    findings: stage.findings.map(({ rule, severity, message, help, file, related, fingerprint, ...at }) => ({
      rule,
      severity,
      message,
      ...(help === undefined ? {} : { help }),
      ...(file === undefined ? {} : { file }),
      ...toRange(at),
      ...(related === undefined
        ? {}
        : { related: related.map((item) => ({ message: item.message, file: item.file, ...toRange(item) })) }),
      fingerprint,
    })),
    cases: stage.cases.map(({ name, suite, file, outcome, duration_ms: durationMs, message, ...at }) => ({
      name,
      suite,
      ...(file === undefined ? {} : { file }),
      ...toRange(at),
      outcome,
      durationMs,
      ...(message === undefined ? {} : { message }),
    })),
  };
}

function toRange(at: PlaceJson): { range?: Range } {
  const { line, column = 1, end_line: endLine = line, end_column: endColumn = column } = at;
  return line === undefined ? {} : { range: { line, column, endLine: endLine ?? line, endColumn } };
}
