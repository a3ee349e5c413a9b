import type { Finding, Reason } from '../../kernel/index.ts';
import { allRules } from '../../rules/index.ts';
import { incompleteFindings } from '../incomplete.ts';
import type { Project } from '../project.ts';
import { askRules } from '../reload/ask-server.ts';
import { compareRules } from '../reload/compare-rules.ts';
import { addScrapeJob } from '../reload/isolate-config.ts';
import { loggedErrors } from '../reload/log-text.ts';
import { healthFindings, refusedFindings } from '../reload/reload-proof.ts';
import { quickInterval } from '../reload/rule-copies.ts';
import { copyRepository, quickCopy, SANDBOX_CONFIG, withRuleTexts, type SandboxCopy } from '../reload/sandbox-files.ts';
import type {
  Clock,
  Pushgateway,
  PushgatewayStart,
  SandboxProgram,
  SandboxServer,
  SandboxStart,
} from '../reload/sandbox-port.ts';
import { askQuery, type QueryReport } from './ask-queries.ts';
import { discoveredHistory, historySeries, openMetrics, type HistorySeries } from './history.ts';
import type { SmokePlan } from './load-smoke-files.ts';
import { pushTicks, pushGroups, scrapeJob } from './push-ticks.ts';
import { neededLevels, recordHistory } from './recorded-history.ts';

export type SandboxSmoke = {
  readonly program: SandboxProgram;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Starts a real Pushgateway; absent: the history alone must do. */
  readonly pushgateway?: () => Promise<PushgatewayStart>;
};

export type SandboxAnswers = {
  readonly reports: readonly QueryReport[];
  readonly reasons: readonly Reason[];
  /** Rules that fail over the history. */
  readonly findings: readonly Finding[];
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;
};

/**
 * Asks the queries of a sandbox that evaluates the repository's rules, has seen a history of heartbeats, and, with a
 * Pushgateway, scrapes two more ticks.
 */
export async function askSandbox(project: Project, plan: SmokePlan, smoke: SandboxSmoke): Promise<SandboxAnswers> {
  const settings = project.config.prometheus;
  const copied = await copyRepository(project.files, project.config, project.ruleFiles);
  if (copied.kind === 'unreadable') {
    const findings = incompleteFindings('smoke/incomplete', project.findings, 'No query was asked');
    if (findings.length > 0) return { reports: [], reasons: [], findings, facts: {} };
    return failed({ code: 'unreadable_input', message: copied.detail, subject: settings.config });
  }
  const now = smoke.clock.unixSeconds();
  const given = plan.histories.length > 0 ? historySeries(plan.histories, now) : undefined;
  if (given?.kind === 'invalid') return failed({ code: 'unreadable_input', message: given.message });
  const raw = given?.series ?? discoveredHistory(project, now);
  const recorded = await record(project, plan, smoke, copied.copy, raw, now);
  if (recorded.kind === 'failed') return failed(recorded.reason);
  if (recorded.kind === 'refused') {
    return { reports: [], reasons: [], findings: refusal(project, smoke, copied.copy, recorded), facts: {} };
  }
  const gateway = await smoke.pushgateway?.();
  if (gateway?.kind === 'failed') return failed(gateway.reason);
  try {
    return await askWithHistory(project, plan, smoke, copied.copy, raw, recorded.series, gateway?.gateway);
  } finally {
    await gateway?.gateway.stop();
  }
}

function record(
  project: Project,
  plan: SmokePlan,
  smoke: SandboxSmoke,
  copy: SandboxCopy,
  raw: readonly HistorySeries[],
  now: number,
): ReturnType<typeof recordHistory> {
  const first = Math.min(now, ...raw.flatMap(({ points }) => points.map(({ at }) => at)));
  const run = {
    program: smoke.program,
    files: withRuleTexts(copy, new Map()).files,
    config: SANDBOX_CONFIG,
    features: project.config.prometheus.enable_feature,
    deadlineMs: smoke.deadlineMs,
    start: first,
    end: now,
    stepSeconds: Math.max(1, (project.prometheus?.evaluationInterval.ms ?? 15_000) / 1000, (now - first) / 5000),
  };
  if (raw.length === 0) return Promise.resolve({ kind: 'recorded', series: [] });
  return recordHistory(
    run,
    raw,
    neededLevels(
      project,
      plan.queries.map(({ expr }) => expr),
    ),
  );
}

async function askWithHistory(
  project: Project,
  plan: SmokePlan,
  smoke: SandboxSmoke,
  copy: SandboxCopy,
  raw: readonly HistorySeries[],
  history: readonly HistorySeries[],
  gateway: Pushgateway | undefined,
): Promise<SandboxAnswers> {
  const interval = quickInterval(allRules(project.ruleFiles).length);
  const files = new Map(quickCopy(copy, project.ruleFiles, interval).files);
  const config = files.get(SANDBOX_CONFIG) ?? '';
  if (gateway !== undefined) files.set(SANDBOX_CONFIG, addScrapeJob(config, scrapeJob(gateway.address)));
  const start = await smoke.program.start({
    files,
    config: SANDBOX_CONFIG,
    features: project.config.prometheus.enable_feature,
    deadlineMs: smoke.deadlineMs,
    ...(history.length === 0 ? {} : { history: openMetrics(history) }),
  });
  if (start.kind === 'failed') return failed(start.reason);
  if (start.kind === 'refused') {
    return { reports: [], reasons: [], findings: refusal(project, smoke, copy, start), facts: {} };
  }
  try {
    const groups = gateway === undefined ? [] : pushGroups(raw);
    const pushed = gateway === undefined ? [] : await pushTicks(start.server, gateway, groups, smoke);
    const waited = await untilEvaluated(project, copy, start.server, smoke);
    const reports = await askUntilPassed(start.server, plan, smoke);
    const pushFacts =
      gateway === undefined ? {} : { pushed_series: groups.flatMap(({ series }) => series.map(({ name }) => name)) };
    const facts = {
      server: `sandbox, Prometheus ${smoke.program.version}`,
      history: raw.map(({ name }) => name),
      ...pushFacts,
    };
    return { reports, reasons: [...pushed, ...waited.reasons], findings: waited.findings, facts };
  } finally {
    await start.server.stop();
  }
}

/** Why the sandbox does not start, in the words of the repository. */
function refusal(
  project: Project,
  { program }: SandboxSmoke,
  copy: SandboxCopy,
  { log, directory, exit }: Extract<SandboxStart, { kind: 'refused' }>,
): Finding[] {
  const path = project.config.prometheus.config;
  const errors = loggedErrors(log, copy, directory, path);
  const what = `Prometheus ${program.version} does not start with the repository's configuration (${exit})`;
  return refusedFindings('smoke/refused', what, errors, path, 'No query was asked: repair what the server refuses.');
}

/** Every rule once; the queries would otherwise be answered by the history alone. */
async function untilEvaluated(
  project: Project,
  copy: SandboxCopy,
  server: SandboxServer,
  { clock, deadlineMs }: SandboxSmoke,
): Promise<Pick<SandboxAnswers, 'reasons' | 'findings'>> {
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const groups = await askRules(server.api);
    if (groups.kind === 'untold') return { reasons: [groups.reason], findings: [] };
    const path = (file: string): string | undefined => copy.repositoryPath(file, server.directory);
    if (groups.value.every((group) => group.rules.every((rule) => rule.evaluated))) {
      return { reasons: [], findings: healthFindings(compareRules(project.ruleFiles, groups.value, path)) };
    }
    if (clock.now() >= deadline) {
      const message = `the sandbox did not evaluate every rule within ${deadlineMs / 1000} s`;
      return { reasons: [{ code: 'deadline_exceeded', message, subject: server.version }], findings: [] };
    }
    await clock.sleep(50);
  }
}

/** Rules that read each other need a few evaluations, so a failed query is asked again for a moment. */
const ROUNDS_MS = 4000;

async function askUntilPassed(server: SandboxServer, plan: SmokePlan, { clock }: SandboxSmoke): Promise<QueryReport[]> {
  const end = clock.now() + ROUNDS_MS;
  const ask = (): Promise<QueryReport[]> =>
    Promise.all(plan.queries.map((query) => askQuery(server.api, query, clock)));
  let reports = await ask();
  while (reports.some((item) => item.judgement.outcome !== 'pass') && clock.now() < end) {
    await clock.sleep(250);
    reports = await ask();
  }
  return reports;
}

function failed(reason: Reason): SandboxAnswers {
  return { reports: [], reasons: [reason], findings: [], facts: {} };
}
