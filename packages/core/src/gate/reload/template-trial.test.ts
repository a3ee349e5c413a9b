import { expect, test } from 'vitest';
import { loadRuleFile, type RuleFile } from '../../rules/index.ts';
import type { ServerAlert } from '../../server/index.ts';
import { templateFindings, templateTrial } from './template-trial.ts';

function alerts(...summaries: readonly string[]): RuleFile {
  const rules = summaries.map((summary, index) => ({
    alert: `A${index}`,
    expr: 'up{job="x"} == 0',
    annotations: { summary },
  }));
  return loadRuleFile('a.yml', JSON.stringify({ groups: [{ name: 'g', rules }] }, null, 1));
}

test('templates that cannot fail are not tried; every other is', () => {
  const file = alerts(
    'no template',
    '{{ $labels.instance }} is {{- $value -}} or {{ $value | humanize }} or {{ printf "%.2f" $value }}',
    '{{ $labels.a.b }}',
    '{{ $labels.a | humanize }}',
    '{{ .Labels }}',
    '{{ value }}',
    '{{ $labels.a }}{{ if true }}{{ end }}',
    '{{ $value | printf "%s" | toTime }}',
  );
  const { alerts: tried, expected } = templateTrial([file]);
  expect(tried.map((rule) => rule.name.value)).toEqual(['A2', 'A3', 'A4', 'A5', 'A6', 'A7']);
  expect(expected).toBe(12);
});

test('the series of a trial have the labels that the alert asks for and that its templates read', () => {
  const { text } = templateTrial([alerts('{{ if $labels.zone }}{{ index $labels "a" }}{{ end }}')]);
  expect(text).toContain(String.raw`label_replace(label_replace(label_replace(vector(1), \"zone\", \"1\"`);
  expect(text).toContain(String.raw`\"job\", \"x\"`);
});

const expansion = (variant: string, summary: string): ServerAlert => ({
  labels: { alertname: 'obsgate_0', obsgate_variant: variant },
  annotations: { summary },
  state: 'firing',
  value: '1e+00',
});
const failed = (cause: string): string =>
  `<error expanding template: error executing template __alert_obsgate_0: template: __alert_obsgate_0:1:99: executing "__alert_obsgate_0" at <${cause}>`;

test('an expansion that failed is an error at the failing part, once for both series', () => {
  const trial = templateTrial([alerts('is {{ $labels.a.b }}')]);
  const text = failed("$labels.a.b>: can't evaluate field b in type string");
  const found = templateFindings(trial, [expansion('full', text), expansion('bare', text)]);
  expect(found.map(({ rule, range }) => [rule, range?.line, range?.column])).toEqual([
    ['template/cannot-execute', 10, 25],
  ]);
});

test('want of data is a warning, and counts only on the series that has labels', () => {
  const trial = templateTrial([alerts('{{ query "up" | first | value }}')]);
  const text = failed('first>: error calling first: first() called on vector with no elements');
  expect(templateFindings(trial, [expansion('full', text)]).map(({ severity }) => severity)).toEqual(['warning']);
  expect(templateFindings(trial, [expansion('bare', text)])).toEqual([]);
});
