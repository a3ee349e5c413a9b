import { finding, type Finding, type Range } from '../../kernel/index.ts';
import { parsePromql, selectorsOf } from '../../promql/index.ts';
import { allRules, type AlertingRule, type MapEntry, type RuleFile } from '../../rules/index.ts';
import type { ServerAlert } from '../../server/index.ts';
import { groupsText } from './rule-copies.ts';

/** Label of the trial's series that tells the two of one alert apart. */
const VARIANT = 'obsgate_variant';
const ERROR = '<error expanding template';

/**
 * A rule file in which every alert that has a template that may fail fires at once, so that its templates are executed: an alert
 * that does not fire never expands them, and a server takes one that cannot execute without a word.
 * Each fires twice, with labels and the value 1, and without labels and the value 0, so that both sides of the usual
 * conditions run.
 */
export type TemplateTrial = {
  readonly text: string;
  readonly alerts: readonly AlertingRule[];
  readonly expected: number;
};

export function templateTrial(files: readonly RuleFile[]): TemplateTrial {
  const alerts = allRules(files).filter(
    (rule): rule is AlertingRule => rule.kind === 'alerting' && templatesOf(rule).some(canFail),
  );
  const rules = alerts.map((rule, index) => ({
    alert: `obsgate_${index}`,
    expr: trialExpression(rule),
    labels: Object.fromEntries(labelTemplates(rule).map(({ key, value }) => [key.value, value.value])),
    annotations: Object.fromEntries(rule.annotations.map(({ key, value }) => [key.value, value.value])),
  }));
  const size = 200;
  // A template costs up to a millisecond; each alert runs it twice, and evaluations must not pile up.
  const interval = `${Math.max(1, Math.ceil(alerts.length / 1000))}s`;
  const groups = Array.from({ length: Math.ceil(rules.length / size) }, (_, index) => ({
    name: `obsgate_${index}`,
    interval,
    rules: rules.slice(index * size, (index + 1) * size),
  }));
  return { text: groupsText(groups), alerts, expected: alerts.length * 2 };
}

/** How many alerts of the trial fire. */
export function trialAlerts(alerts: readonly ServerAlert[]): readonly ServerAlert[] {
  return alerts.filter((alert) => VARIANT in alert.labels && /^obsgate_\d+$/.test(alert.labels['alertname'] ?? ''));
}

/** What could not be expanded, each at its place; a template that fails for want of data is a warning. */
export function templateFindings(trial: TemplateTrial, alerts: readonly ServerAlert[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const alert of trialAlerts(alerts)) {
    const rule = trial.alerts[Number((alert.labels['alertname'] ?? '').slice('obsgate_'.length))];
    if (rule === undefined) continue;
    const full = alert.labels[VARIANT] === 'full';
    for (const [entry, text] of expansions(rule, alert)) {
      if (!text.includes(ERROR)) continue;
      const item = templateFinding(rule, entry, text);
      // Without labels a conversion of a label fails that works on real series.
      if (full || item.severity === 'error') found.set(`${item.fingerprint} ${item.message}`, item);
    }
  }
  return [...found.values()];
}

function templatesOf(rule: AlertingRule): readonly MapEntry[] {
  return [...labelTemplates(rule), ...rule.annotations].filter(({ value }) => value.value.includes('{{'));
}

/**
 * Actions that cannot fail once they parse: a label (absent ones are empty, https://pkg.go.dev/text/template#Template.Option
 * with `missingkey=zero`), the value, and the value made readable. Most templates hold nothing else.
 */
const SAFE_ACTION =
  /\{\{-?\s*(?:\$labels\.[a-zA-Z_]\w*|\$value(?:\s*\|\s*(?:humanize(?:1024|Duration|Percentage)?|printf\s+"[^"`]*"))?|(?:humanize(?:1024|Duration|Percentage)?|printf\s+"[^"`]*")\s+\$value)\s*-?\}\}/g;

function canFail({ value }: MapEntry): boolean {
  return value.value.replace(SAFE_ACTION, '').includes('{{');
}

function labelTemplates(rule: AlertingRule): readonly MapEntry[] {
  const own = new Set(rule.labels.map(({ key }) => key.value));
  return [...rule.group.labels.filter(({ key }) => !own.has(key.value)), ...rule.labels];
}

function expansions(rule: AlertingRule, alert: ServerAlert): (readonly [MapEntry, string])[] {
  const labels = labelTemplates(rule).map((entry) => [entry, alert.labels[entry.key.value] ?? ''] as const);
  return [...labels, ...rule.annotations.map((entry) => [entry, alert.annotations[entry.key.value] ?? ''] as const)];
}

function trialExpression(rule: AlertingRule): string {
  const labels = Object.entries(trialLabels(rule)).reduce(
    (inner, [name, value]) => `label_replace(${inner}, ${JSON.stringify(name)}, ${JSON.stringify(value)}, "", "")`,
    'vector(1)',
  );
  const mark = (inner: string, variant: string): string =>
    `label_replace(${inner}, "${VARIANT}", "${variant}", "", "")`;
  return `${mark(labels, 'full')} or ${mark('vector(0)', 'bare')}`;
}

/** The labels that the alert's series will have, as far as the rule tells: those it asks for and those its templates read. */
function trialLabels(rule: AlertingRule): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const { value } of templatesOf(rule)) {
    const reads = value.value.matchAll(
      /(?:\$labels|\.Labels)\.([a-zA-Z_]\w*)|index\s+(?:\$labels|\.Labels)\s+"([a-zA-Z_]\w*)"/g,
    );
    // A number as text passes the conversions that templates make of labels, such as humanize.
    for (const [, dotted, indexed] of reads) labels[dotted ?? indexed ?? ''] ??= '1';
  }
  for (const selector of selectorsOf(parsePromql(rule.expr.value).root)) {
    for (const { label, operator, value } of selector.matchers) {
      // `$` would be a reference to a group of label_replace.
      if (operator === '=' && /^[a-zA-Z]\w*$/.test(label) && value !== '')
        labels[label] = value.replaceAll('$', '$$$$');
    }
  }
  return labels;
}

/** Errors that say that a query of the template found nothing, or that a label is no number: real data may differ. */
const WANTS_DATA =
  /first\(\) called on vector with no elements|strconv\.Parse|index out of range|slice index out of|untyped nil/;

function templateFinding(rule: AlertingRule, entry: MapEntry, text: string): Finding {
  const error = errorText(text);
  const range = placeOf(entry, error);
  const name = `${rule.name.value}: ${entry.key.value}`;
  const subject = `${rule.group.name.value}/${rule.index}/${entry.key.value}`;
  const { path: file } = rule.file;
  if (WANTS_DATA.test(error)) {
    return finding({
      rule: 'template/needs-data',
      severity: 'warning',
      message: `The template of ${name} fails when its query finds nothing or a label is no number (${error}); the notification then carries an error text.`,
      help: 'Guard it: {{ with query "..." }}{{ . | first | value }}{{ end }}.',
      file,
      range,
      subject,
    });
  }
  return finding({
    rule: 'template/cannot-execute',
    severity: 'error',
    message: `The template of ${name} cannot be executed: ${error}. The notification would carry this error in place of the text.`,
    help: 'Prometheus loads such a template without complaint. Fields are `$labels.name`, `$value`, `$externalLabels.name`, `$externalURL`.',
    file,
    range,
    subject,
  });
}

function errorText(text: string): string {
  const [, inner = text] = /<error expanding template: ([\s\S]*)>/.exec(text) ?? [];
  return inner
    .replace(/^error executing template \S+: /, '')
    .replace(/template: __alert_obsgate_\d+:\d+(?::\d+)?: /, '')
    .replace(/executing "__alert_obsgate_\d+" /, '')
    .replace(/\s+/g, ' ')
    .trim();
}

// text/template shows at most 20 characters of the failing node (`at <first 20 characters...>`).
function placeOf(entry: MapEntry, error: string): Range {
  const shown = /at <(.+?)(\.\.\.)?>:/.exec(error)?.[1];
  const start = shown === undefined ? -1 : entry.value.value.indexOf(shown);
  return shown === undefined || start === -1 ? entry.value.range : entry.value.rangeOf(start, start + shown.length);
}
