import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { gateReport, stageReport } from '../gate/index.ts';
import { finding } from '../kernel/index.ts';
import { sampleReport, sampleRules } from './sample-report.ts';
import { renderSarif, toSarif } from './sarif.ts';

const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false }));
const validate = ajv.compile(schema);

function problems(sarif: object): unknown {
  validate(JSON.parse(JSON.stringify(sarif)));
  return validate.errors ?? [];
}

test('the log is valid against the published schema', () => {
  expect(problems(toSarif(sampleReport(), { rules: sampleRules, version: '1.2.3', pathPrefix: 'obs' }))).toEqual([]);
});

test('the schema check can fail', () => {
  expect(problems({ version: '2.1.0', runs: [{ results: [] }] })).not.toEqual([]);
});

test('findings have rule, place, help, related places and a fingerprint', () => {
  expect(renderSarif(sampleReport(), { rules: sampleRules, version: '1.2.3' })).toMatchInlineSnapshot(`
    "{
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "obsgate",
              "version": "1.2.3",
              "semanticVersion": "1.2.3",
              "rules": [
                {
                  "id": "gate/tools",
                  "shortDescription": {
                    "text": "gate/tools."
                  },
                  "fullDescription": {
                    "text": "gate/tools."
                  },
                  "help": {
                    "text": "gate/tools."
                  },
                  "defaultConfiguration": {
                    "level": "note"
                  },
                  "properties": {
                    "tags": [
                      "observability",
                      "prometheus"
                    ]
                  }
                },
                {
                  "id": "promtool/name",
                  "shortDescription": {
                    "text": "promtool/name."
                  },
                  "fullDescription": {
                    "text": "promtool/name."
                  },
                  "help": {
                    "text": "promtool/name."
                  },
                  "defaultConfiguration": {
                    "level": "warning"
                  },
                  "properties": {
                    "tags": [
                      "observability",
                      "prometheus"
                    ]
                  }
                },
                {
                  "id": "promtool/syntax",
                  "shortDescription": {
                    "text": "The expression does not parse."
                  },
                  "fullDescription": {
                    "text": "The expression does not parse."
                  },
                  "help": {
                    "text": "The expression does not parse: https://example.org/docs/promtool-syntax."
                  },
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "helpUri": "https://example.org/docs/promtool-syntax",
                  "properties": {
                    "tags": [
                      "observability",
                      "prometheus"
                    ]
                  }
                }
              ]
            }
          },
          "automationDetails": {
            "id": "obsgate/promtool-check+promql-unit+reload-dry-run+smoke-query/"
          },
          "columnKind": "utf16CodeUnits",
          "originalUriBaseIds": {
            "ROOT": {
              "description": {
                "text": "The root of the repository."
              }
            }
          },
          "invocations": [
            {
              "executionSuccessful": false,
              "toolExecutionNotifications": [
                {
                  "level": "note",
                  "descriptor": {
                    "id": "gate/tools"
                  },
                  "message": {
                    "text": "promtool-check: promtool 3.5.3 was not found"
                  }
                },
                {
                  "level": "error",
                  "descriptor": {
                    "id": "tool_unavailable"
                  },
                  "message": {
                    "text": "reload-dry-run: no prometheus"
                  }
                },
                {
                  "level": "note",
                  "descriptor": {
                    "id": "not_selected"
                  },
                  "message": {
                    "text": "smoke-query: left out by --stage"
                  }
                }
              ],
              "properties": {
                "outcome": "error",
                "tools": {
                  "promtool": [
                    "2.54.1"
                  ]
                }
              }
            }
          ],
          "results": [
            {
              "ruleId": "promtool/syntax",
              "ruleIndex": 2,
              "level": "error",
              "message": {
                "text": "unexpected right parenthesis ')'\\nremove the last parenthesis"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/api.yml",
                      "uriBaseId": "ROOT"
                    },
                    "region": {
                      "startLine": 5,
                      "startColumn": 47,
                      "endLine": 5,
                      "endColumn": 50
                    }
                  }
                }
              ],
              "relatedLocations": [
                {
                  "id": 0,
                  "message": {
                    "text": "the same mistake"
                  },
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/other.yml",
                      "uriBaseId": "ROOT"
                    },
                    "region": {
                      "startLine": 7,
                      "startColumn": 24,
                      "endLine": 7,
                      "endColumn": 28
                    }
                  }
                }
              ],
              "partialFingerprints": {
                "obsgate/v1": "c6433c720079006e"
              }
            },
            {
              "ruleId": "promtool/name",
              "ruleIndex": 1,
              "level": "warning",
              "message": {
                "text": "a name with wide characters\\nsecond line"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "rules/api.yml",
                      "uriBaseId": "ROOT"
                    },
                    "region": {
                      "startLine": 7,
                      "startColumn": 24,
                      "endLine": 7,
                      "endColumn": 28
                    }
                  }
                }
              ],
              "partialFingerprints": {
                "obsgate/v1": "609354ba306a9343"
              }
            }
          ]
        }
      ]
    }
    "
  `);
});

test('a finding about no file is a notification, since GitHub refuses results without a place', () => {
  const found = finding({ rule: 'a/b', severity: 'error', message: 'no tool', subject: '' });
  const sarif = toSarif(gateReport([stageReport('promtool-check', { findings: [found] }, 1)], {}, 1), { rules: [] });
  expect(sarif).toMatchObject({
    runs: [
      { results: [], invocations: [{ toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'a/b' } }] }] },
    ],
  });
});

test('a report without findings is a successful run with an empty list, one that could not judge is not', () => {
  const clean = gateReport([stageReport('promtool-check', { facts: { files: 1 } }, 1)], {}, 1);
  expect(toSarif(clean, { rules: [] })).toMatchObject({
    runs: [{ results: [], invocations: [{ executionSuccessful: true }] }],
  });
  const reasons = [{ code: 'tool_unavailable', message: 'no promtool' }] as const;
  const unjudged = gateReport([stageReport('promtool-check', { reasons }, 1)], {}, 1);
  expect(toSarif(unjudged, { rules: [] })).toMatchObject({ runs: [{ invocations: [{ executionSuccessful: false }] }] });
});

test('a path with blanks, colons or other alphabets is a valid relative address', () => {
  const found = finding({ rule: 'a/b', severity: 'error', message: 'm', file: 'c:d/é #1?.yml', subject: '' });
  const sarif = toSarif(gateReport([stageReport('promtool-check', { findings: [found] }, 1)], {}, 1), { rules: [] });
  expect(problems(sarif)).toEqual([]);
  expect(JSON.stringify(sarif)).toContain('"uri":"c%3Ad/%C3%A9%20%231%3F.yml"');
});
