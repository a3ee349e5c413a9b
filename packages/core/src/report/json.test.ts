import { expect, test } from 'vitest';
import { fromGateJson, gateSchema } from './gate-schema.ts';
import { renderJson, toGateJson } from './json.ts';
import { sampleReport } from './sample-report.ts';

test('the JSON report is obsgate.gate/1 with whole milliseconds and places in snake case', () => {
  const json = toGateJson(sampleReport());
  expect(json.stages[0]).toMatchInlineSnapshot(`
    {
      "cases": [],
      "duration_ms": 410,
      "facts": {
        "files": 23,
        "groups": 1,
        "rules": 10002,
      },
      "findings": [
        {
          "column": 47,
          "end_column": 50,
          "end_line": 5,
          "file": "rules/api.yml",
          "fingerprint": "c6433c720079006e",
          "help": "remove the last parenthesis",
          "line": 5,
          "message": "unexpected right parenthesis ')'",
          "related": [
            {
              "column": 24,
              "end_column": 28,
              "end_line": 7,
              "file": "rules/other.yml",
              "line": 7,
              "message": "the same mistake",
            },
          ],
          "rule": "promtool/syntax",
          "severity": "error",
        },
        {
          "column": 24,
          "end_column": 28,
          "end_line": 7,
          "file": "rules/api.yml",
          "fingerprint": "609354ba306a9343",
          "line": 7,
          "message": "a name with wide characters
    second line",
          "rule": "promtool/name",
          "severity": "warning",
        },
        {
          "fingerprint": "dd94efccae0bce41",
          "message": "promtool 3.5.3 was not found",
          "rule": "gate/tools",
          "severity": "info",
        },
      ],
      "name": "promtool-check",
      "outcome": "fail",
      "reasons": [],
    }
  `);
  expect({
    ...json,
    stages: json.stages.map(({ name, outcome, reasons }) => ({ name, outcome, reasons })),
  }).toMatchInlineSnapshot(`
    {
      "duration_ms": 62000,
      "outcome": "error",
      "schema": "obsgate.gate/1",
      "stages": [
        {
          "name": "promtool-check",
          "outcome": "fail",
          "reasons": [],
        },
        {
          "name": "promql-unit",
          "outcome": "fail",
          "reasons": [],
        },
        {
          "name": "reload-dry-run",
          "outcome": "error",
          "reasons": [
            {
              "code": "tool_unavailable",
              "message": "no prometheus",
              "subject": "3.5",
            },
          ],
        },
        {
          "name": "smoke-query",
          "outcome": "skipped",
          "reasons": [
            {
              "code": "not_selected",
              "message": "left out by --stage",
            },
          ],
        },
      ],
      "tools": {
        "promtool": [
          "2.54.1",
        ],
      },
    }
  `);
});

test('what was written reads back as the same report', () => {
  const report = sampleReport();
  const read = fromGateJson(gateSchema.parse(JSON.parse(renderJson(report))));
  expect(toGateJson(read)).toEqual(toGateJson(report));
  expect(read.stages[0]?.findings).toEqual(report.stages[0]?.findings);
  expect(read.stages[1]?.cases).toEqual(report.stages[1]?.cases);
});

test('a report with a key or an outcome that the schema does not know is refused', () => {
  const json = toGateJson(sampleReport());
  expect(gateSchema.safeParse({ ...json, outcome: 'green' }).success).toBe(false);
  expect(gateSchema.safeParse({ ...json, extra: 1 }).success).toBe(false);
  expect(gateSchema.safeParse({ ...json, schema: 'obsgate.gate/2' }).success).toBe(false);
});
