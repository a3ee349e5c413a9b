import { finding, type Finding } from '../../kernel/index.ts';
import type { RuleComparison, RuleDifference } from './compare-rules.ts';
import type { LoggedError } from './log-text.ts';

const SUCCESSFUL = 'prometheus_config_last_reload_successful';
const MOVED = 'prometheus_config_last_reload_success_timestamp_seconds';

/** The server's own word on its last reload. Undefined: the metric is not there. */
export type ReloadMetrics = { readonly successful: number | undefined; readonly succeededAt: number | undefined };

export const RELOAD_METRICS = { successful: SUCCESSFUL, succeededAt: MOVED } as const;

/** What was seen of one reload. */
export type ReloadEvidence = {
  readonly status: number;
  readonly body: string;
  readonly before: ReloadMetrics;
  readonly after: ReloadMetrics;
  readonly errors: readonly LoggedError[];
};

const PARTIAL = 'A refused reload leaves the server with the old rules and part of the new configuration.';

/** The findings of a reload by itself: status, metric, timestamp, log. Empty: it is proved, but for the rules. */
export function reloadFindings(evidence: ReloadEvidence, configPath: string): Finding[] {
  const { status, body, before, after, errors } = evidence;
  if (status !== 200) {
    // The body says that something failed, the log says what.
    const what = errors.length > 0 ? reloadRefusal(status, '') : reloadRefusal(status, body);
    return refusedFindings('reload/failed', what, errors, configPath, PARTIAL);
  }
  const found = errors.map((error) => logFinding(error, configPath));
  if (after.successful !== 1) {
    const message = `The reload answered 200, but ${SUCCESSFUL} is ${after.successful ?? 'missing'} instead of 1: the server does not run this configuration.`;
    found.push(finding({ rule: 'reload/metric', severity: 'error', message, file: configPath, subject: SUCCESSFUL }));
  }
  const moved =
    after.succeededAt !== undefined && before.succeededAt !== undefined && after.succeededAt > before.succeededAt;
  if (!moved) {
    const message = `The reload answered 200, but ${MOVED} did not move (before ${before.succeededAt ?? 'missing'}, after ${after.succeededAt ?? 'missing'}): the server still runs what it had.`;
    found.push(finding({ rule: 'reload/timestamp', severity: 'error', message, file: configPath, subject: MOVED }));
  }
  return found;
}

function reloadRefusal(status: number, body: string): string {
  return `The reload was refused with ${status}${body === '' ? '' : ` (${body.replace(/\s+/g, ' ').slice(0, 200)})`}`;
}

/** A configuration that a server would not take, with the causes that its log names. */
export function refusedFindings(
  rule: string,
  what: string,
  errors: readonly LoggedError[],
  configPath: string,
  help: string,
): Finding[] {
  const located = errors.filter((error) => error.file !== undefined);
  const causes = located.length > 0 ? located : errors;
  if (causes.length === 0) {
    const message = `${what}; its log names no cause.`;
    return [finding({ rule, severity: 'error', message, help, file: configPath, subject: 'no cause' })];
  }
  return causes.map(({ text, file, range }) =>
    finding({
      rule,
      severity: 'error',
      message: `${what}: ${text}`,
      help,
      file: file ?? configPath,
      ...(range === undefined ? {} : { range }),
      subject: text,
    }),
  );
}

/** An error in the log of a server that went on all the same. */
export function logFinding({ text, file, range }: LoggedError, configPath: string): Finding {
  return finding({
    rule: 'reload/log-error',
    severity: 'error',
    message: `The server accepted the configuration and logged an error: ${text}`,
    file: file ?? configPath,
    ...(range === undefined ? {} : { range }),
    subject: text,
  });
}

/** What the rules API lacks, has too much, or has otherwise than the files. `when` says after what it was asked. */
export function comparisonFindings(comparison: RuleComparison, when: string, configPath: string): Finding[] {
  return comparison.differences.map((difference) => differenceFinding(difference, when, configPath));
}

function differenceFinding(difference: RuleDifference, when: string, configPath: string): Finding {
  const common = { rule: 'reload/rules-differ', severity: 'error' } as const;
  switch (difference.kind) {
    case 'missing_group': {
      const { group } = difference;
      return finding({
        ...common,
        message: `${when}, the server does not have the group ${group.name.value}: its ${group.rules.length} rules are not evaluated.`,
        help: 'Check that rule_files names this file; a glob that matches nothing is no error for Prometheus.',
        file: group.file.path,
        range: group.name.range,
        subject: `missing ${group.name.value}`,
      });
    }
    case 'unknown_group': {
      const { file, name, rules } = difference;
      return finding({
        ...common,
        message: `${when}, the server evaluates the group ${name} (${rules} rules) of ${file}, which the gate did not read from that file.`,
        file: configPath,
        subject: `unknown ${file} ${name}`,
      });
    }
    case 'rule_count': {
      const { group, expected, actual } = difference;
      return finding({
        ...common,
        message: `${when}, the group ${group.name.value} has ${actual} rules on the server and ${expected} in the file.`,
        file: group.file.path,
        range: group.name.range,
        subject: `count ${group.name.value}`,
      });
    }
    case 'changed': {
      const { rule, field, expected, actual } = difference;
      return finding({
        ...common,
        message: `${when}, ${rule.name.value} has the ${field} ${actual} on the server and ${expected} in the file.`,
        file: rule.file.path,
        range: rule.name.range,
        subject: `${field} ${rule.group.name.value}/${rule.index}`,
      });
    }
    default:
      return difference satisfies never;
  }
}

/** Rules that were evaluated and failed. */
export function healthFindings(comparison: RuleComparison): Finding[] {
  return comparison.matched
    .filter(({ server }) => server.health === 'err')
    .map(({ rule, server }) =>
      finding({
        rule: 'reload/unhealthy-rule',
        severity: 'error',
        message: `${rule.name.value} loads and fails when it is evaluated: ${server.lastError ?? 'no cause given'}.`,
        file: rule.file.path,
        range: rule.expr.range,
        subject: `${rule.group.name.value}/${rule.index}`,
      }),
    );
}
