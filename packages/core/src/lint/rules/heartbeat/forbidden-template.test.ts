import { describe, expect, test } from 'vitest';
import { alert, group, said } from '../../fixture.ts';

const RULE = 'heartbeat/forbidden-template';
const SUMMARY = 'annotations: { summary: ';
const lint = (more: string, expr = 'absent(heartbeat_seq{metric_realm="prod"})'): string =>
  said(RULE, group(alert('HeartbeatAbsent', expr, more)));

test('the function is reported where it stands', () => {
  expect(lint(`${SUMMARY}'last seen {{ query "heartbeat_ok" | first | value }}' }`)).toMatchInlineSnapshot(`
    "6:47-6:52 error ⟦query⟧
      The annotation \`summary\` of \`HeartbeatAbsent\` uses the template function \`query\`: it asks Prometheus again while the alert is sent, and finds nothing exactly when the heartbeat is missing: \`first\` of nothing replaces the text by an error.
      help: Use \`{{ $labels.<name> }}\` and \`{{ $value }}\`, which the alert carries with it."
  `);
});

describe('a function is found', () => {
  test.each([
    ['behind a pipe', '{{ "heartbeat_ok" | query | first }}'],
    ['in a condition', '{{ if query "x" }}a{{ end }}'],
    ['in a second action', '{{ $value }} and {{ query "x" }}'],
    ['in parentheses', '{{ len (query "x") }}'],
    ['after trimming', '{{- query "x" -}}'],
  ])('%s', (_, text) => {
    expect(lint(`annotations:\n  summary: ${JSON.stringify(text)}`)).toContain('`query`');
  });
  test('in a label', () => {
    expect(lint('labels: { team: \'{{ query "x" }}\' }')).toContain('The label `team`');
  });
  test('that the configuration forbids', () => {
    const config = 'gate: { lint: { heartbeat: { forbidden_template_functions: [humanize] } } }';
    const rules = group(alert('A', 'heartbeat_ok == 0', `${SUMMARY}'{{ $value | humanize }}' }`));
    expect(said(RULE, rules, { config })).toContain('the configuration forbids it');
  });
});

describe('nothing is said about', () => {
  test.each([
    ['values and labels', '{{ $labels.query }} {{ $value | printf "%.0f" }} {{ .Labels.query }}'],
    ['text outside of actions', 'query it'],
    ['names in strings', '{{ "query" }} {{ `query` }}'],
    ['comments', '{{/* query */}}'],
  ])('%s', (_, text) => {
    expect(lint(`annotations:\n  summary: ${JSON.stringify(text)}`)).toBe('');
  });
  test('alerts that read no heartbeat', () => {
    expect(lint(`${SUMMARY}'{{ query "x" }}' }`, 'up == 0')).toBe('');
  });
});
