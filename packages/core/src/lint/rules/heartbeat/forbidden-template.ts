import type { MapEntry } from '../../../rules/index.ts';
import { templateCalls } from '../../analysis/template-functions.ts';
import type { LintContext, LintedRule, LintRule, Problem } from '../../model.ts';

const WHY: Readonly<Record<string, string>> = {
  query:
    'it asks Prometheus again while the alert is sent, and finds nothing exactly when the heartbeat is missing: `first` of nothing replaces the text by an error',
  tmpl: 'it runs a template that is named at run time, so no check can tell whether it works',
  safeHtml: 'it passes text through unescaped',
};

export const forbiddenTemplate: LintRule = {
  id: 'heartbeat/forbidden-template',
  summary: 'The text of a heartbeat alert uses no template function that can fail or is forbidden.',
  docs: 'docs/rules/heartbeat/forbidden-template.md',
  severity: 'error',
  reach: 'rule',
  *check(context) {
    for (const linted of alertsOf(context)) yield* checkRule(linted, context);
  },
};

function alertsOf({ rules, heartbeats, settings }: LintContext): readonly LintedRule[] {
  const watched = new Set(heartbeats);
  return rules.filter((linted) => watched.has(linted) || settings.isDeadMan(linted.rule.name.value));
}

function* checkRule({ rule }: LintedRule, { settings }: LintContext): Iterable<Problem> {
  if (rule.kind !== 'alerting') return;
  const entries: readonly (readonly [string, MapEntry])[] = [
    ...rule.labels.map((entry) => ['label', entry] as const),
    ...rule.annotations.map((entry) => ['annotation', entry] as const),
  ];
  for (const [kind, { key, value }] of entries) {
    for (const call of templateCalls(value.value)) {
      if (!settings.forbiddenTemplateFunctions.has(call.name)) continue;
      yield {
        file: rule.file.path,
        range: value.rangeOf(call.start, call.end),
        subject: `${rule.group.name.value}/${rule.name.value}/${kind}/${key.value}/${call.name}`,
        message: `The ${kind} \`${key.value}\` of \`${rule.name.value}\` uses the template function \`${call.name}\`: ${WHY[call.name] ?? 'the configuration forbids it (gate.lint.heartbeat.forbidden_template_functions)'}.`,
        help: 'Use `{{ $labels.<name> }}` and `{{ $value }}`, which the alert carries with it.',
      };
    }
  }
}
