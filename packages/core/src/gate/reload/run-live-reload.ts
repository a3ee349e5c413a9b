import { checkedMs, sortFindings, type Finding, type Reason } from '../../kernel/index.ts';
import { mapServerPath } from '../../rules/index.ts';
import type { PrometheusServer, ServerTarget } from '../../server/index.ts';
import type { Project } from '../project.ts';
import { stageReport, type CaseReport, type StageResult } from '../report.ts';
import { identifyServer } from '../smoke/identify-server.ts';
import {
  asked,
  askMetrics,
  askRules,
  compareWithServer,
  failureReason,
  queryDifferences,
  type Asked,
} from './ask-server.ts';
import {
  classifyReload,
  filesOfServer,
  heartbeatFindings,
  refusalReport,
  RELOAD_TRIES,
  reloadBackoffMs,
  targetFindings,
  withoutForeignGroups,
  type LiveState,
  type ReloadOutcome,
} from './live.ts';
import { comparisonFindings, healthFindings } from './reload-proof.ts';
import type { Clock } from './sandbox-port.ts';
import { type StepResult } from './version-run.ts';

export type LiveReloadPorts = {
  readonly api: PrometheusServer;
  readonly clock: Clock;
  /** The cross-checked promtool check of the same files. The server is left alone unless it passes. */
  readonly check: () => Promise<StageResult>;
};

/**
 * Stage 4 on a running server: promtool first, then prove which server it is and that it is ready, reload at most
 * three times, and prove the result: metric, rules, the heartbeat's rule, targets. A half-done reload is told apart
 * (`partial_reload`).
 */
export async function runLiveReload(project: Project, ports: LiveReloadPorts): Promise<StageResult> {
  const live: Live = {
    project,
    ...ports,
    deadlineMs: checkedMs(project.config.gate.reload.deadline),
    cases: [],
    counts: {},
  };
  const checked = await step(live, 'promtool', async () => fromStage(await ports.check()));
  if (!checked.passed) return result(live, checked);
  const identified = await step(live, 'right server', async () => identifyServer(ports.api, project));
  const ready = identified.passed ? await step(live, 'ready', () => untilReady(live)) : identified;
  if (!ready.passed) return result(live, checked, identified, ready);
  const targets = asked(await ports.api.targets(), (value) => value);
  const reloaded = await step(live, 'reload', () => reload(live));
  if (!reloaded.passed) return result(live, checked, identified, reloaded);
  const rules = await step(live, 'rules', () => proveRules(live));
  const heartbeat = await step(live, 'heartbeat', () => proveHeartbeat(live));
  const health = await step(live, 'targets', () => proveTargets(live, targets));
  return result(live, checked, identified, reloaded, rules, heartbeat, health);
}

type Live = LiveReloadPorts & {
  readonly project: Project;
  readonly deadlineMs: number;
  readonly cases: CaseReport[];
  /** What the server shows after the reload; empty until it was asked. */
  readonly counts: { groups?: number; rules?: number };
};
type Step = StepResult & { readonly passed: boolean };

async function step(live: Live, name: string, run: () => Promise<StepResult>): Promise<Step> {
  const start = live.clock.now();
  const { findings, reasons } = await run();
  const { outcome } = stageReport('reload-dry-run', { findings, reasons }, 0);
  const messages = [...reasons, ...findings.filter((item) => item.severity === 'error')].map((item) => item.message);
  live.cases.push({
    name,
    suite: live.api.url,
    outcome,
    durationMs: live.clock.now() - start,
    ...(messages.length === 0 ? {} : { message: messages.join('\n') }),
  });
  return { findings, reasons, passed: outcome === 'pass' };
}

function result(live: Live, ...steps: readonly Step[]): StageResult {
  const parts = [...new Set(steps)];
  return {
    reasons: parts.flatMap((part) => part.reasons),
    findings: sortFindings(parts.flatMap((part) => part.findings)),
    cases: live.cases,
    facts: { server: live.api.url, mode: 'live', ...live.counts },
  };
}

function fromStage(check: StageResult): StepResult {
  const reasons = [...(check.reasons ?? [])];
  // A stage may fail by its cases alone.
  const failed = stageReport('promtool-check', check, 0).outcome !== 'pass';
  const told = reasons.length > 0 || (check.findings ?? []).some((item) => item.severity === 'error');
  if (failed && !told) reasons.push({ code: 'findings', message: 'promtool does not accept these files' });
  return { reasons, findings: check.findings ?? [] };
}

async function untilReady({ api, clock, deadlineMs }: Live): Promise<StepResult> {
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const answer = await api.ready();
    if (answer.ok && answer.value) return { findings: [], reasons: [] };
    if (clock.now() >= deadline) {
      const why = answer.ok ? `${api.url} is not ready within ${deadlineMs / 1000} s` : answer.failure.message;
      const code = answer.ok ? 'deadline_exceeded' : failureReason(answer.failure).code;
      return { findings: [], reasons: [{ code, message: why, subject: api.url }] };
    }
    await clock.sleep(200);
  }
}

async function reload(live: Live): Promise<StepResult> {
  const { api, clock, project } = live;
  const before = await state(api);
  if (before.kind === 'untold') return untold(before.reason);
  let last: ReloadOutcome | Reason | undefined;
  for (let attempt = 1; attempt <= RELOAD_TRIES; attempt++) {
    if (attempt > 1) await clock.sleep(reloadBackoffMs(attempt - 1));
    last = await reloadOnce(api, before.value);
    if ('code' in last) continue;
    if (last.kind === 'reloaded') return { findings: [], reasons: [] };
    if (last.kind === 'not_enabled') return refusalReport(last, attempt, project.config.prometheus.config);
  }
  if (last === undefined || 'code' in last) return untold(last ?? { code: 'internal', message: 'no reload was tried' });
  if (last.kind === 'reloaded') return { findings: [], reasons: [] };
  return refusalReport(last, RELOAD_TRIES, project.config.prometheus.config);
}

// The connection may break after the reload took effect, so the server's state decides, not the missing answer.
async function reloadOnce(api: PrometheusServer, before: LiveState): Promise<ReloadOutcome | Reason> {
  const answer = await api.reload();
  const after = await state(api);
  if (after.kind === 'untold') return answer.ok ? after.reason : failureReason(answer.failure, api.url);
  if (answer.ok) return classifyReload(answer.value, before, after.value);
  const outcome = classifyReload({ status: 200, body: '' }, before, after.value);
  if (outcome.kind === 'reloaded') return outcome;
  return outcome.kind === 'partial' ? outcome : failureReason(answer.failure, api.url);
}

async function state(api: PrometheusServer): Promise<Asked<LiveState>> {
  const [metrics, config] = await Promise.all([askMetrics(api), api.configText()]);
  if (metrics.kind === 'untold') return metrics;
  return asked(config, (configText) => ({ metrics: metrics.value, configText }));
}

async function proveRules({ api, project, counts }: Live): Promise<StepResult> {
  const groups = await askRules(api);
  if (groups.kind === 'untold') return untold(groups.reason);
  counts.groups = groups.value.length;
  counts.rules = groups.value.reduce((sum, group) => sum + group.rules.length, 0);
  const settings = project.config.prometheus;
  const files = filesOfServer(project);
  const compared = await compareWithServer(api, files, groups.value, (path) => {
    const mapped = mapServerPath(path, settings.config, settings.path_map);
    return mapped.kind === 'inside' ? mapped.path : undefined;
  });
  if (compared.kind === 'untold') return untold(compared.reason);
  const { differences, queries } = compared.value;
  const all = { ...compared.value, differences: [...differences, ...queryDifferences(queries)] };
  const own = withoutForeignGroups(all, new Set(files.map((file) => file.path)));
  return {
    findings: [...comparisonFindings(own, 'After the reload', settings.config), ...healthFindings(own)],
    reasons: [],
  };
}

/** The first evaluation comes within one interval of the rule's group; the deadline is the reload's own. */
async function proveHeartbeat({ api, clock, project, deadlineMs }: Live): Promise<StepResult> {
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const groups = await askRules(api);
    if (groups.kind === 'untold') return untold(groups.reason);
    const findings = heartbeatFindings(project, groups.value);
    if (findings.length === 0 || clock.now() >= deadline || !waiting(groups.value, project))
      return { findings, reasons: [] };
    await clock.sleep(200);
  }
}

function waiting(groups: Parameters<typeof heartbeatFindings>[1], project: Project): boolean {
  const name = `${project.config.gate.lint.heartbeat.metric_prefix}_ok`;
  return groups.some((group) => group.rules.some((rule) => rule.name === name && rule.health === 'unknown'));
}

async function proveTargets(live: Live, before: Asked<readonly ServerTarget[]>): Promise<StepResult> {
  if (before.kind === 'untold') return untold(before.reason);
  const { api, clock, deadlineMs } = live;
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const after = asked(await api.targets(), (value) => value);
    if (after.kind === 'untold') return untold(after.reason);
    const unknown = after.value.filter((target) => target.health === 'unknown').length;
    const findings: Finding[] = targetFindings(before.value, after.value);
    if (unknown === 0) return { findings, reasons: [] };
    if (clock.now() >= deadline) {
      const message = `${unknown} targets were not scraped within ${deadlineMs / 1000} s of the reload`;
      return { findings, reasons: [{ code: 'deadline_exceeded', message, subject: api.url }] };
    }
    await clock.sleep(200);
  }
}

function untold(reason: Reason): StepResult {
  return { findings: [], reasons: [reason] };
}
