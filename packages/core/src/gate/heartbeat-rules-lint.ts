import { formatDuration, type Reason } from '../kernel/index.ts';
import {
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
  /** A baseline file other than the configuration's. */
  readonly baseline?: string;
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
  const baseline = await readBaseline(project, options.baseline ?? config.gate.lint.baseline);
  if (baseline.kind === 'unreadable') return { reasons: [baseline.reason] };
  const { findings, counts } = lintRuleFiles(ruleFiles, settings, {
    scope: 'project',
    ...(baseline.kind === 'read' ? { baseline: baseline.value } : {}),
    ...(options.changed === undefined ? {} : { changed: options.changed }),
  });
  const unjudged = unjudgedFiles(project);
  return {
    reasons: counts.rules === 0 && unjudged.length === 0 ? [NOTHING] : unjudged,
    findings,
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

/** A file that could only be read in part has rules that nobody judged: no pass may come of it. */
function unjudgedFiles({ ruleFiles }: Project): Reason[] {
  return ruleFiles
    .filter((file) => file.findings.some((item) => item.severity === 'error' && file.groups.length === 0))
    .map((file) => ({
      code: 'unreadable_input',
      message: `${file.path} could not be read as rules, so it was not linted`,
      subject: file.path,
    }));
}

type BaselineRead =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly value: Baseline }
  | { readonly kind: 'unreadable'; readonly reason: Reason };

/** A baseline that is named but missing accepts nothing: that can only add findings. */
async function readBaseline({ files }: Project, path: string | undefined): Promise<BaselineRead> {
  if (path === undefined) return { kind: 'none' };
  const read = await files.read(path);
  if (read.kind === 'text') return { kind: 'read', value: parseBaseline(path, read.text) };
  if (read.reason === 'missing') return { kind: 'none' };
  const message = `the baseline ${path} cannot be read: ${read.detail}`;
  return { kind: 'unreadable', reason: { code: 'unreadable_input', message, subject: path } };
}
