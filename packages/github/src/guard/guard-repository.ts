import type { AuditFacts } from '@obsgate/core/ledger';
import {
  finishOpenLeases,
  guardReport,
  readDrift,
  type EndedRun,
  type FinishPorts,
  type GuardReport,
} from '@obsgate/core/guard';
import { baselineSchema, type Baseline } from '@obsgate/core/protection';
import { requireInput } from '@obsgate/core/input';
import { ConfigError, type Reason } from '@obsgate/core/kernel';
import { guardAlarms } from '@obsgate/core/report/guard';
import { reasonOf, type GitHubClient } from '../client/index.ts';
import { raiseAlarm } from '../issues/index.ts';

export type GuardOptions = {
  readonly ports: FinishPorts;
  /** Runs that the event says have ended. */
  readonly ended: readonly EndedRun[];
  /** Path of the committed baseline on the default branch. `required`: the user named it. */
  readonly baseline: { readonly path: string; readonly required: boolean };
  /** Branches whose protection goes into the report, baseline or not. */
  readonly branches: readonly string[];
};

const ALARM_LABEL = 'obsgate-alarm';

/**
 * One round of the guard: finishes open leases first, then compares protection with the baseline, then calls people.
 * @throws ConfigError when the baseline is wrong, or was named and is not there; leases have been finished by then.
 */
export async function guardRepository(client: GitHubClient, options: GuardOptions): Promise<GuardReport> {
  const { ports } = options;
  const leases = await finishOpenLeases(ports, options.ended);
  const baseline = await readBaseline(client, options.baseline);
  const drift = await readDrift(ports.protection, baseline.value, options.branches);
  const report = withReasons(guardReport(leases, drift), baseline.reasons);
  const drifted = report.drift.filter(({ differences }) => differences.length > 0);
  const recorded =
    drifted.length === 0 ? undefined : await ports.ledger.append([driftFacts(drifted.map(({ branch }) => branch))]);
  const raised: Reason[] = recorded?.kind === 'refused' ? [...recorded.reasons] : [];
  for (const alarm of guardAlarms(report)) {
    // oxlint-disable-next-line no-await-in-loop -- GitHub asks to create content one after the other
    const result = await raiseAlarm(client, { ...alarm, label: ALARM_LABEL });
    if (result.kind === 'refused') raised.push(...result.reasons);
  }
  return withReasons(report, raised);
}

type Loaded = { readonly value: Baseline | undefined; readonly reasons: readonly Reason[] };

async function readBaseline(client: GitHubClient, { path, required }: GuardOptions['baseline']): Promise<Loaded> {
  const answer = await client.send({
    route: 'GET /repos/{owner}/{repo}/contents/{path}',
    params: { path },
    format: 'raw',
  });
  if (answer.kind === 'ok') return { value: requireInput(baselineSchema, path, String(answer.value)), reasons: [] };
  if (answer.failure.kind !== 'not-found')
    return { value: undefined, reasons: [reasonOf(answer.failure, 'the baseline could not be read')] };
  if (required) throw new ConfigError(`there is no ${path} on the default branch`, 'baseline');
  return { value: undefined, reasons: [] };
}

/** What was not read makes no round a good one. */
function withReasons(report: GuardReport, reasons: readonly Reason[]): GuardReport {
  if (reasons.length === 0) return report;
  return {
    ...report,
    outcome: report.outcome === 'pass' ? 'error' : report.outcome,
    reasons: [...report.reasons, ...reasons],
  };
}

function driftFacts(branches: readonly string[]): AuditFacts {
  return {
    stage: 'restore',
    result: 'breach',
    reasons: ['protection_drift'],
    ctx: { by: 'protection-guard', branches },
  };
}
