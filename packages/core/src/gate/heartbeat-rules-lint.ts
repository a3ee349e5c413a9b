import { formatDuration, type Finding, type Reason } from '../kernel/index.ts';
import {
  hidesRules,
  incompleteBecause,
  lintRuleFiles,
  lintRuleIds,
  lintSettings,
  parseBaseline,
  type Baseline,
  type ChangedLines,
} from '../lint/index.ts';
import type { Project } from './project.ts';
import type { StageResult } from './report.ts';

export type HeartbeatRulesLintOptions = {
  /** Only what these lines can have caused is reported. */
  readonly changed?: ChangedLines;
  /** A baseline file other than the configuration's; false: none, so that every finding is seen. */
  readonly baseline?: string | false;
};

/**
 * Stage 3: lints every rule of the repository.
 *
 * @throws ConfigError on an unknown rule id, a broken pattern or a broken baseline file.
 */
export async function heartbeatRulesLint(
  project: Project,
  options: HeartbeatRulesLintOptions = {},
): Promise<StageResult> {
  const { config, prometheus, ruleFiles } = project;
  const settings = lintSettings({ config, scrapeInterval: prometheus?.scrapeInterval, ruleIds: lintRuleIds });
  const baseline = await readBaseline(project, options.baseline ?? config.gate.lint.baseline ?? false);
  if (baseline.kind === 'unreadable') return { reasons: [baseline.reason] };
  const incomplete = gaps(project);
  const { findings, counts } = lintRuleFiles(ruleFiles, settings, {
    scope: 'project',
    ...(baseline.kind === 'read' ? { baseline: baseline.value } : {}),
    ...(options.changed === undefined ? {} : { changed: options.changed }),
  });
  const all = [...findings, ...incomplete];
  return {
    reasons: counts.rules === 0 && all.length === 0 ? [NOTHING] : [],
    findings: all,
    facts: {
      files: counts.files,
      groups: counts.groups,
      rules: counts.rules,
      heartbeat_rules: counts.heartbeatRules,
      suppressed: counts.suppressed,
      baseline: counts.accepted,
      scrape_interval: settings.timing.scrape === undefined ? 'unknown' : formatDuration(settings.timing.scrape),
      tick: formatDuration(settings.timing.tick),
    },
  };
}

const NOTHING: Reason = {
  code: 'nothing_to_check',
  message:
    'no rule was found, so nothing was linted; does prometheus.config name rule files, and does path_map lead to them?',
};

/** What could not be read or found outside of the rule files. */
function gaps({ ruleFiles, findings }: Project): Finding[] {
  const told = new Set(ruleFiles.flatMap((file) => file.findings));
  return findings.filter((item) => hidesRules(item) && !told.has(item)).map(incompleteBecause);
}

type BaselineRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly value: Baseline }
  | { readonly kind: 'unreadable'; readonly reason: Reason };

/** A baseline that is named but missing accepts nothing: that can only add findings. */
async function readBaseline({ files }: Project, path: string | false): Promise<BaselineRead> {
  if (path === false) return { kind: 'none' };
  const read = await files.read(path);
  if (read.kind === 'text') return { kind: 'read', value: parseBaseline(path, read.text) };
  if (read.reason === 'missing') return { kind: 'none' };
  const message = `the baseline ${path} cannot be read: ${read.detail}`;
  return { kind: 'unreadable', reason: { code: 'unreadable_input', message, subject: path } };
}
