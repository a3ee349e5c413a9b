import { finding, type Finding, type Reason } from '../../kernel/index.ts';
import type { RuleFile } from '../../rules/index.ts';
import type { ServerRuleGroup, ServerTarget } from '../../server/index.ts';
import type { Project } from '../project.ts';
import type { RuleComparison } from './compare-rules.ts';
import type { ReloadMetrics } from './reload-proof.ts';

/** A reload is tried this often; it is idempotent, and files that are still being copied are there the next time. */
export const RELOAD_TRIES = 3;

/** Milliseconds to wait before the next try. */
export function reloadBackoffMs(attempt: number): number {
  return 1000 * 2 ** (attempt - 1);
}

/** What a running server showed at one moment. */
export type LiveState = {
  readonly metrics: ReloadMetrics;
  /** The loaded configuration as the server prints it. */
  readonly configText: string;
};

/** What came of one `POST /-/reload`. */
export type ReloadOutcome =
  | { readonly kind: 'reloaded' }
  /** Nothing changed: the old rules run with the old configuration. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The server shows the new configuration and runs the old rules. */
  | { readonly kind: 'partial'; readonly message: string }
  /** The server does not take reloads; another try is in vain. */
  | { readonly kind: 'not_enabled'; readonly message: string };

/**
 * Tells what a reload did from what the server shows before and after it. A failed reload is often half done: the
 * configuration is replaced first, then the rules are loaded, and the answer names no cause.
 */
export function classifyReload(
  answer: { readonly status: number; readonly body: string },
  before: LiveState,
  after: LiveState,
): ReloadOutcome {
  const { status, body } = answer;
  const said = `${status}${body === '' ? '' : ` (${body.replace(/\s+/g, ' ').slice(0, 200)})`}`;
  if (status === 403 || status === 404 || status === 405) {
    return {
      kind: 'not_enabled',
      message: `the server does not take reloads: ${said}; start it with --web.enable-lifecycle`,
    };
  }
  const successful = after.metrics.successful === 1;
  const moved = (after.metrics.succeededAt ?? 0) > (before.metrics.succeededAt ?? Infinity);
  if (status === 200 && successful && moved) return { kind: 'reloaded' };
  const metrics = `prometheus_config_last_reload_successful is ${after.metrics.successful ?? 'missing'}, its success time ${moved ? 'moved' : 'did not move'}`;
  const message = `the reload answered ${said}; ${metrics}; the cause is in the server's log`;
  return { kind: before.configText === after.configText ? 'refused' : 'partial', message };
}

/** A reload that did not happen, as the stage's finding and, when it is half done, the reason. */
export function refusalReport(
  outcome: Exclude<ReloadOutcome, { kind: 'reloaded' }>,
  tries: number,
  configPath: string,
): { readonly findings: readonly Finding[]; readonly reasons: readonly Reason[] } {
  const count = tries === 1 ? '' : ` (${tries} tries)`;
  if (outcome.kind === 'not_enabled')
    return { findings: [], reasons: [{ code: 'tool_failed', message: outcome.message }] };
  const partial = outcome.kind === 'partial';
  const state = partial
    ? 'The server shows the new configuration but runs the old rules'
    : 'The server runs what it ran before';
  const found = finding({
    rule: partial ? 'reload/partial' : 'reload/failed',
    severity: 'error',
    message: `${state}: ${outcome.message}${count}.`,
    help: partial
      ? 'Restore the previous files and reload, so that configuration and rules agree again; a restart would fail now.'
      : "Look for the cause in the server's log; a restart would fail now.",
    file: configPath,
    subject: outcome.kind,
  });
  return { findings: [found], reasons: partial ? [{ code: 'partial_reload', message: found.message }] : [] };
}

/** The rule files that the configuration itself names: others of the repository are not this server's. */
export function filesOfServer(project: Project): readonly RuleFile[] {
  const named = new Set(project.prometheus?.ruleFiles.flatMap((pattern) => pattern.matches) ?? []);
  return project.ruleFiles.filter((file) => named.has(file.path));
}

/** Splits off the groups of files that the repository does not have: other teams may share the server. */
export function withoutForeignGroups(comparison: RuleComparison, known: ReadonlySet<string>): RuleComparison {
  const own = comparison.differences.filter((item) => item.kind !== 'unknown_group' || known.has(item.file));
  return { ...comparison, differences: own };
}

/** The heartbeat's verdict must be evaluated and healthy after a reload, or nothing watches the next step. */
export function heartbeatFindings(project: Project, groups: readonly ServerRuleGroup[]): Finding[] {
  const name = `${project.config.gate.lint.heartbeat.metric_prefix}_ok`;
  const common = { rule: 'reload/heartbeat-rule', severity: 'error', subject: name } as const;
  const rules = groups
    .flatMap((group) => group.rules)
    .filter((rule) => rule.kind === 'recording' && rule.name === name);
  if (rules.length === 0) {
    return [
      finding({
        ...common,
        message: `The server has no rule that records ${name}: nothing says whether the heartbeat lives.`,
      }),
    ];
  }
  return rules
    .filter((rule) => rule.health !== 'ok')
    .map((rule) => {
      const why = rule.health === 'err' ? `fails: ${rule.lastError ?? 'no cause given'}` : 'was not evaluated in time';
      return finding({ ...common, message: `The rule that records ${name} ${why}.` });
    });
}

/** Targets that were up before the reload and are not any more. */
export function targetFindings(before: readonly ServerTarget[], after: readonly ServerTarget[]): Finding[] {
  const wasUp = new Set(before.filter((target) => target.health === 'up').map((target) => target.scrapeUrl));
  return after
    .filter((target) => target.health === 'down')
    .map((target) => {
      const lost = wasUp.has(target.scrapeUrl);
      const when = lost ? 'went down with the reload' : 'is down';
      return finding({
        rule: 'reload/target-down',
        severity: lost ? 'error' : 'warning',
        message: `The target ${withoutQuery(target.scrapeUrl)} of ${target.pool} ${when}: ${target.lastError}`,
        subject: `${target.pool} ${target.scrapeUrl}`,
      });
    });
}

// Parameters of a scrape may hold a token.
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}
