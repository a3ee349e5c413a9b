import { checkedMs, sortFindings, type Finding, type Reason } from '../../kernel/index.ts';
import type { PrometheusServer } from '../../server/index.ts';
import type { Project } from '../project.ts';
import type { StageResult } from '../report.ts';
import { incompleteFindings } from '../incomplete.ts';
import type { Clock, PushgatewayStart, WantedSandbox } from '../reload/sandbox-port.ts';
import { askQuery, type QueryReport } from './ask-queries.ts';
import { identifyServer } from './identify-server.ts';
import { loadSmokeFiles, type SmokePlan } from './load-smoke-files.ts';
import { askSandbox } from './sandbox-queries.ts';

export type SmokePorts = {
  readonly clock: Clock;
  /** A given server, or a sandbox with the repository's rules and a history of heartbeats. */
  readonly target:
    | { readonly kind: 'server'; readonly api: PrometheusServer }
    | {
        readonly kind: 'sandbox';
        readonly sandbox: WantedSandbox;
        /** Starts a real Pushgateway that gets two ticks; absent: history alone. */
        readonly pushgateway?: () => Promise<PushgatewayStart>;
      };
};

const UNASKED = 'The sandbox has the rules that could be read, and some could not';

export type SmokeOptions = { readonly profile?: string };

/**
 * Stage 5: named queries and what is expected of their results. An empty result fails unless the query allows it, NaN
 * is a missing value, and warnings and infos of the API are findings.
 */
export async function runSmokeQuery(
  project: Project,
  ports: SmokePorts,
  options: SmokeOptions = {},
): Promise<StageResult> {
  const plan = await loadSmokeFiles(project, options.profile);
  if (plan.queries.length === 0) {
    const reason: Reason = { code: 'nothing_to_check', message: nothingMessage(options.profile), subject: 'smoke' };
    // Findings say why: files that cannot be read. Without them there is no such profile.
    return plan.findings.length > 0 ? { findings: plan.findings } : { reasons: [reason] };
  }
  const answered = await (ports.target.kind === 'server'
    ? askServer(project, plan, ports.target.api, ports.clock)
    : askSandboxTarget(project, plan, ports, ports.target));
  const { reports } = answered;
  return {
    reasons: [...answered.reasons, ...reports.flatMap((item) => item.reasons)],
    findings: sortFindings([...plan.findings, ...answered.findings, ...reports.flatMap((item) => item.findings)]),
    cases: reports.map((item) => item.report),
    facts: { ...answered.facts, queries: plan.queries.length, ...counts(reports) },
  };
}

function nothingMessage(profile: string | undefined): string {
  return profile === undefined
    ? 'the smoke files hold no query'
    : `no smoke file has the profile ${JSON.stringify(profile)}`;
}

function counts(reports: readonly QueryReport[]): Record<'passed' | 'failed' | 'missing', number> {
  const missing = (item: QueryReport): boolean => item.judgement.problems.some(({ kind }) => kind === 'missing');
  return {
    passed: reports.filter((item) => item.report.outcome === 'pass').length,
    failed: reports.filter((item) => item.report.outcome !== 'pass').length,
    missing: reports.filter(missing).length,
  };
}

type Answered = {
  readonly reports: readonly QueryReport[];
  readonly reasons: readonly Reason[];
  readonly findings: readonly Finding[];
  readonly facts: NonNullable<StageResult['facts']>;
};

async function askServer(project: Project, plan: SmokePlan, api: PrometheusServer, clock: Clock): Promise<Answered> {
  const identity = await identifyServer(api, project);
  const facts = { server: `${api.url}, Prometheus ${identity.version}` };
  if (identity.reasons.length > 0)
    return { reports: [], reasons: identity.reasons, findings: identity.findings, facts };
  const reports = await Promise.all(plan.queries.map((query) => askQuery(api, query, clock)));
  return { reports, reasons: [], findings: identity.findings, facts };
}

async function askSandboxTarget(
  project: Project,
  plan: SmokePlan,
  { clock }: SmokePorts,
  target: Extract<SmokePorts['target'], { kind: 'sandbox' }>,
): Promise<Answered> {
  const { sandbox, pushgateway } = target;
  if (sandbox.kind === 'unavailable') return { reports: [], reasons: [sandbox.reason], findings: [], facts: {} };
  const answers = await askSandbox(project, plan, {
    program: sandbox.program,
    clock,
    deadlineMs: checkedMs(project.config.gate.smoke.deadline),
    ...(pushgateway === undefined ? {} : { pushgateway }),
  });
  // A sandbox that does not start has told the cause.
  const refused = answers.findings.some(({ severity }) => severity === 'error');
  const gaps = refused ? [] : incompleteFindings('smoke/incomplete', project.findings, UNASKED);
  return {
    ...answers,
    findings: [...answers.findings, ...gaps, ...(sandbox.drift === undefined ? [] : [sandbox.drift])],
  };
}
