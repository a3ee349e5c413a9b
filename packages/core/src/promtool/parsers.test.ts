import { expect, test } from 'vitest';
import { parseCheckConfig, parseCheckRules, parseMessages, parseTestRules } from './index.ts';

// Every text here is the recorded output of a release; test/conformance/promtool-output.test.ts compares with the
// real programs.
const BAD_RULE_253 = `  FAILED:
badrule.yml: 5:15: group "g", rule 1, "a:b": could not parse expression: 1:16: parse error: unclosed left parenthesis
badrule.yml: 0:0: 6:15: group "g", rule 2, "": one of 'record' or 'alert' must be set
badrule.yml: group "g", rule 3, "T": annotation "s": template: __alert_T:1: function "nofunc" not defined
badrule.yml: 13:17: group "g", rule 4, "bad-name": invalid recording rule name: bad-name
badrule.yml: 16:17: 15:16: group "g", rule 5, "L": only one of 'record' and 'alert' must be set
badrule.yml: 19:5: groupname: "g" is repeated in the same file
`;
const DUPLICATES = `  FAILED:
lint error 2 duplicate rule(s) found.
Metric: X
Label(s):
	a: b
	c: d
Metric: a:b
Label(s):
Might cause inconsistency while recording expressions
`;

test('every message of a bad rule file carries its position, group and rule', () => {
  const report = parseCheckRules({ exitCode: 1, stdout: 'Checking badrule.yml\n', stderr: BAD_RULE_253 });
  expect(report.files).toMatchInlineSnapshot(`
    [
      {
        "file": "badrule.yml",
        "messages": [
          {
            "column": 15,
            "expression": {
              "column": 16,
              "line": 1,
            },
            "file": "badrule.yml",
            "group": "g",
            "kind": "promql",
            "line": 5,
            "message": "could not parse expression: 1:16: parse error: unclosed left parenthesis",
            "rule": 1,
            "ruleName": "a:b",
          },
          {
            "column": 15,
            "file": "badrule.yml",
            "group": "g",
            "kind": "rule",
            "line": 6,
            "message": "one of 'record' or 'alert' must be set",
            "rule": 2,
            "ruleName": "",
          },
          {
            "file": "badrule.yml",
            "group": "g",
            "kind": "template",
            "message": "annotation "s": template: __alert_T:1: function "nofunc" not defined",
            "rule": 3,
            "ruleName": "T",
          },
          {
            "column": 17,
            "file": "badrule.yml",
            "group": "g",
            "kind": "rule",
            "line": 13,
            "message": "invalid recording rule name: bad-name",
            "rule": 4,
            "ruleName": "bad-name",
          },
          {
            "column": 17,
            "file": "badrule.yml",
            "group": "g",
            "kind": "rule",
            "line": 16,
            "message": "only one of 'record' and 'alert' must be set",
            "rule": 5,
            "ruleName": "L",
          },
          {
            "column": 5,
            "file": "badrule.yml",
            "group": "g",
            "kind": "rule",
            "line": 19,
            "message": "groupname: "g" is repeated in the same file",
          },
        ],
        "verdict": "failed",
      },
    ]
  `);
});

test('a position of zero is no position, and the next one on the line counts', () => {
  const [message] = parseMessages(
    ['x.yml: 0:0: group "g", rule 2, "": one of \'record\' or \'alert\' must be set'],
    'x.yml',
  );
  expect(message).not.toHaveProperty('line');
  const [later] = parseMessages(['x.yml: 0:0: 6:15: group "g", rule 2, "": bad'], 'x.yml');
  expect(later).toMatchObject({ line: 6, column: 15, rule: 2, ruleName: '' });
});

test('failures are matched with files by their order, because promtool names no file for duplicates', () => {
  const stdout =
    'Checking good.yml\n  SUCCESS: 2 rules found\n\nChecking badrule.yml\nChecking dup.yml\n\nChecking good.yml\n  SUCCESS: 2 rules found\n\n';
  const report = parseCheckRules({ exitCode: 1, stdout, stderr: BAD_RULE_253 + DUPLICATES });
  expect(report.files.map(({ file, verdict, rules }) => [file, verdict, rules])).toEqual([
    ['good.yml', 'ok', 2],
    ['badrule.yml', 'failed', undefined],
    ['dup.yml', 'lint', undefined],
    ['good.yml', 'ok', 2],
  ]);
  expect(report.files[2]?.messages).toMatchInlineSnapshot(`
    [
      {
        "file": "dup.yml",
        "kind": "duplicate",
        "labels": {
          "a": "b",
          "c": "d",
        },
        "message": "duplicate rule: same name and labels",
        "ruleName": "X",
      },
      {
        "file": "dup.yml",
        "kind": "duplicate",
        "labels": {},
        "message": "duplicate rule: same name and labels",
        "ruleName": "a:b",
      },
    ]
  `);
});

test('a release that prints no failures still has the file as failed', () => {
  const report = parseCheckRules({
    exitCode: 0,
    stdout: 'Checking a.yml\n\nChecking b.yml\n  SUCCESS: 1 rules found\n',
    stderr: '',
  });
  expect(report.files).toEqual([
    { file: 'a.yml', verdict: 'failed', messages: [] },
    { file: 'b.yml', verdict: 'ok', rules: 1, messages: [] },
  ]);
});

test('unknown fields are one message each, and a repeated YAML error is one message', () => {
  const unknown = parseMessages(
    [
      'unknown.yml: yaml: unmarshal errors:',
      '  line 3: field rulez not found in type rulefmt.RuleGroup',
      '  line 7: field foo not found in type rulefmt.Rule',
    ],
    'unknown.yml',
  );
  expect(unknown.map(({ kind, line, message }) => [kind, line, message])).toEqual([
    ['yaml', 3, 'field rulez not found in type rulefmt.RuleGroup'],
    ['yaml', 7, 'field foo not found in type rulefmt.Rule'],
  ]);
  const twice = 'tab.yml: yaml: line 2: found character that cannot start any token';
  expect(parseMessages([twice, twice], 'tab.yml')).toEqual([
    { kind: 'yaml', file: 'tab.yml', line: 2, message: 'found character that cannot start any token' },
  ]);
});

test('a refused command line is a usage message and no verdict', () => {
  const stderr = "promtool: error: path 'nofile.yml' does not exist, try --help\n";
  expect(parseCheckRules({ exitCode: 1, stdout: '', stderr })).toEqual({
    exitCode: 1,
    files: [],
    messages: [{ kind: 'usage', message: "path 'nofile.yml' does not exist" }],
  });
});

test('a warning about an unknown feature, printed without a line break, hides no file', () => {
  const stdout =
    '  WARNING: Unknown feature passed to --enable-feature: exemplar-storage  WARNING: Unknown feature passed to --enable-feature: fooChecking dup.yml\n\n';
  const report = parseCheckRules({ exitCode: 0, stdout, stderr: DUPLICATES });
  expect(report.files.map(({ file, verdict }) => [file, verdict])).toEqual([['dup.yml', 'lint']]);
  expect(report.messages.map(({ message }) => message)).toEqual([
    'Unknown feature passed to --enable-feature: exemplar-storage',
    'Unknown feature passed to --enable-feature: foo',
  ]);
});

test('a configuration fault has the file and, from YAML, the line', () => {
  const stderr =
    '  FAILED: parsing YAML file badconf.yml: yaml: unmarshal errors:\n  line 2: field scrape_intervall not found in type config.plain\n';
  const report = parseCheckConfig({ exitCode: 1, stdout: 'Checking badconf.yml\n\n', stderr });
  expect(report.config).toEqual({
    file: 'badconf.yml',
    verdict: 'failed',
    messages: [
      { kind: 'yaml', file: 'badconf.yml', line: 2, message: 'field scrape_intervall not found in type config.plain' },
    ],
  });
});

test('a configuration fault of meaning keeps its words and loses the heading', () => {
  const stderr = '  FAILED: parsing YAML file conf3.yml: found multiple scrape configs with job name "a"\n';
  const { config } = parseCheckConfig({ exitCode: 1, stdout: 'Checking conf3.yml\n\n', stderr });
  expect(config?.messages).toEqual([
    { kind: 'config', file: 'conf3.yml', message: 'found multiple scrape configs with job name "a"' },
  ]);
});

test('a valid configuration with bad rule files keeps the verdicts apart, in the indented form of 2.42 too', () => {
  const stdout = `Checking conf4.yml
  WARNING: file "sd/*.json" for file_sd in scrape job "a" does not exist
  SUCCESS: 3 rule files found
 SUCCESS: conf4.yml is valid prometheus config file syntax

Checking badrule.yml

Checking dup.yml

Checking good.yml
  SUCCESS: 2 rules found

`;
  const indented = `  FAILED:
     badrule.yml: 5:15: group "g", rule 1, "a:b": could not parse expression: 1:16: parse error: unclosed left parenthesis
     badrule.yml: 19:5: groupname: "g" is repeated in the same file
${DUPLICATES.replace('lint error', '     lint error')}`;
  const report = parseCheckConfig({ exitCode: 1, stdout, stderr: indented });
  expect(report.config).toEqual({ file: 'conf4.yml', verdict: 'ok', messages: [] });
  expect(report.ruleFiles.map(({ file, verdict, messages }) => [file, verdict, messages.length])).toEqual([
    ['badrule.yml', 'failed', 2],
    ['dup.yml', 'lint', 2],
    ['good.yml', 'ok', 0],
  ]);
  expect(report.messages).toEqual([
    { kind: 'warning', message: 'file "sd/*.json" for file_sd in scrape job "a" does not exist' },
  ]);
});

test('a lint finding of the configuration itself is lint, not a failure', () => {
  const { config } = parseCheckConfig({
    exitCode: 3,
    stdout: 'Checking tl.yml\n SUCCESS: tl.yml is valid prometheus config file syntax\n\n',
    stderr: '  FAILED: too long scrape interval found, data point will be marked as stale - job: a, interval: 10m\n',
  });
  expect(config?.verdict).toBe('lint');
  expect(config?.messages[0]?.kind).toBe('lint');
});

const TEST_FAILURES = `  FAILED:
    name: first,
    alertname: A, time: 1m, 
        exp:[
            0:
              Labels:{alertname="A", job="z"}
              Annotations:{s="a b"}
            ], 
        got:[
            0:
              Labels:{alertname="A", job="a"}
              Annotations:{}
            ]
    name: first,
    alertname: A, time: 2m, 
        exp:[
            0:
              Labels:{alertname="A", job="z"}
              Annotations:{}
            ], 
        got:[]
    expr: "sum(\\n  up)", time: 1m,
        exp: {__name__="up"} 7E+00, {__name__="up", a="b, {c"} 1E+00
        got: nil
    expr: "up(", time: 1m, err: 1:4: parse error: unclosed left parenthesis
`;

test('failed assertions are read with what was expected and what came', () => {
  const report = parseTestRules({ exitCode: 1, stdout: 'Unit Testing:  t.yml\n\n', stderr: TEST_FAILURES });
  expect(report.failed[0]?.file).toBe('t.yml');
  expect(report.failed[0]?.messages).toEqual([]);
  expect(report.failed[0]?.failures).toMatchInlineSnapshot(`
    [
      {
        "actual": [
          "Labels:{alertname="A", job="a"} Annotations:{}",
        ],
        "alertname": "A",
        "expected": [
          "Labels:{alertname="A", job="z"} Annotations:{s="a b"}",
        ],
        "group": "first",
        "kind": "alert",
        "time": "1m",
      },
      {
        "actual": [],
        "alertname": "A",
        "expected": [
          "Labels:{alertname="A", job="z"} Annotations:{}",
        ],
        "group": "first",
        "kind": "alert",
        "time": "2m",
      },
      {
        "actual": [],
        "expected": [
          "{__name__="up"} 7E+00",
          "{__name__="up", a="b, {c"} 1E+00",
        ],
        "expr": "sum(
      up)",
        "kind": "expr",
        "time": "1m",
      },
      {
        "expr": "up(",
        "kind": "expr_error",
        "message": "1:4: parse error: unclosed left parenthesis",
        "time": "1m",
      },
    ]
  `);
});

test('the file of a test is the one that was given, where the release names none', () => {
  const report = parseTestRules({ exitCode: 1, stdout: '\n\n', stderr: TEST_FAILURES }, 'mine.yml');
  expect(report.failed.map(({ file, failures }) => [file, failures.length])).toEqual([['mine.yml', 4]]);
});

test('rule files that match nothing are a warning although the run succeeds', () => {
  const report = parseTestRules({
    exitCode: 0,
    stdout: '  SUCCESS\n\n',
    stderr: '  WARNING: no file match pattern nothing*.yml\n',
  });
  expect(report).toEqual({
    exitCode: 0,
    failed: [],
    messages: [{ kind: 'warning', message: 'no file match pattern nothing*.yml' }],
  });
});

test('a rule file that a test cannot load is a message with its own file, position and rule', () => {
  const report = parseTestRules({ exitCode: 1, stdout: 'Unit Testing:  t.yml\n\n', stderr: BAD_RULE_253 });
  expect(report.failed[0]?.failures).toEqual([]);
  expect(report.failed[0]?.messages[0]).toMatchObject({
    file: 'badrule.yml',
    line: 5,
    column: 15,
    group: 'g',
    rule: 1,
  });
});

test('an unreadable test file is a YAML message with its line', () => {
  const stderr = '  FAILED:\nyaml: unmarshal errors:\n  line 2: field testss not found in type main.unitTestFile\n';
  const report = parseTestRules({ exitCode: 1, stdout: '\n\n', stderr }, 'mine.yml');
  expect(report.failed[0]?.messages).toMatchObject([{ kind: 'yaml', file: 'mine.yml', line: 2 }]);
});

test('a fault in an input series has no line of the file, which it does not name', () => {
  const stderr = "  FAILED:\n2:48: parse error: unexpected character inside braces: '0'\n";
  const report = parseTestRules({ exitCode: 1, stdout: '\n\n', stderr }, 'mine.yml');
  expect(report.failed[0]?.messages).toEqual([
    {
      kind: 'series',
      file: 'mine.yml',
      message: "parse error: unexpected character inside braces: '0'",
      expression: { line: 1, column: 48 },
    },
  ]);
});

test('a rule that cannot be evaluated is named with the time', () => {
  const stderr = '  FAILED:\nrule: joined, time: 0s, err: many-to-many matching not allowed\n';
  const report = parseTestRules({ exitCode: 1, stdout: '\n\n', stderr }, 'mine.yml');
  expect(report.failed[0]?.messages).toEqual([
    {
      kind: 'evaluation',
      file: 'mine.yml',
      message: 'many-to-many matching not allowed',
      ruleName: 'joined',
      time: '0s',
    },
  ]);
});
