import { finding, sortFindings, type Finding, type Severity } from '../kernel/index.ts';
import type { RuleFile } from '../rules/index.ts';
import { applyBaseline, type Baseline } from './baseline.ts';
import { onChangedLines, type ChangedLines } from './changed.ts';
import { namesIn } from './analysis/families.ts';
import { lintContext } from './context.ts';
import { readDirectives } from './directives.ts';
import type { LintContext, LintedRule, LintRule, LintScope, LintSettings } from './model.ts';
import { lintRuleIds, lintRules } from './registry.ts';
import { suppress } from './suppress.ts';

export type LintOptions = {
  readonly scope: LintScope;
  readonly baseline?: Baseline;
  /** Only what a change touched is reported; see {@link onChangedLines}. */
  readonly changed?: ChangedLines;
};

export type LintResult = {
  readonly findings: readonly Finding[];
  /** How many rules were read, how many of them are heartbeats', and how many findings were taken away by what. */
  readonly counts: {
    readonly files: number;
    readonly groups: number;
    readonly rules: number;
    readonly heartbeatRules: number;
    readonly suppressed: number;
    readonly accepted: number;
  };
};

/** Lints rule files: every rule of the registry, then comments, baseline and changed lines, in this order. */
export function lintRuleFiles(files: readonly RuleFile[], settings: LintSettings, options: LintOptions): LintResult {
  const context = lintContext(files, settings, options.scope);
  const active = lintRules.filter((rule) => rule.scope === undefined || options.scope === 'project');
  const found = active.flatMap((rule) => findingsOf(rule, context));
  const comments = suppress(found, readDirectives(files), {
    known: lintRuleIds,
    active: active.map((rule) => rule.id),
  });
  const accepted = options.baseline === undefined ? undefined : applyBaseline(comments.kept, options.baseline);
  const about = [...comments.problems, ...(accepted?.stale ?? [])].flatMap((item) => reweighed(item, settings));
  const all = sortFindings([...(accepted?.kept ?? comments.kept), ...about]);
  return {
    findings: options.changed === undefined ? all : onChangedLines(all, files, options.changed, PROJECT_RULES),
    counts: {
      files: files.length,
      groups: files.reduce((sum, file) => sum + file.groups.length, 0),
      rules: context.rules.length,
      heartbeatRules: context.heartbeats.length,
      suppressed: comments.suppressed,
      accepted: accepted?.accepted ?? 0,
    },
  };
}

const PROJECT_RULES = new Set(lintRules.filter((rule) => rule.reach === 'project').map((rule) => rule.id));

/** What one rule finds, with the severity that the configuration or the case gives it, and a unique fingerprint. */
function findingsOf(rule: LintRule, context: LintContext): Finding[] {
  const configured = context.settings.severities.get(rule.id);
  if (configured === 'off') return [];
  const seen = new Map<string, number>();
  const found: Finding[] = [];
  const outside = outsiders(rule, context);
  for (const { severity, subject, about, ...words } of rule.check(context)) {
    const mild = about !== undefined && outside.has(about) ? 'warning' : undefined;
    const key = `${words.file}\0${subject}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    found.push(
      finding({
        ...words,
        rule: rule.id,
        severity: configured ?? severity ?? mild ?? rule.severity,
        subject: count === 1 ? subject : `${subject}#${count}`,
      }),
    );
  }
  return found;
}

/**
 * Rules that read a metric with a heartbeat's name which the repository does not watch, such as that of a database
 * cluster. What the heartbeat rules say about these is a hint.
 */
function outsiders(rule: LintRule, { heartbeats, families }: LintContext): ReadonlySet<LintedRule> {
  if (!rule.id.startsWith('heartbeat/')) return new Set();
  const guarded = new Set(families.filter((family) => family.guarded).flatMap((family) => [...family.names]));
  return new Set(
    heartbeats.filter(
      (linted) =>
        !guarded.has(linted.rule.name.value) && !namesIn(linted.parsed.root).some((name) => guarded.has(name)),
    ),
  );
}

/** A finding about a comment or the baseline, with the severity that the configuration gives it. */
function reweighed(item: Finding, settings: LintSettings): Finding[] {
  const configured: Severity | 'off' | undefined = settings.severities.get(item.rule);
  if (configured === 'off') return [];
  return [configured === undefined ? item : { ...item, severity: configured }];
}
