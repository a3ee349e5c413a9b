import { checkedMs, finding, type Finding } from '../../kernel/index.ts';
import { askMetrics, askRules, compareWithServer, failureReason, queryDifferences } from './ask-server.ts';
import { inRepository, loggedErrors } from './log-text.ts';
import { comparisonFindings, healthFindings, logFinding, refusedFindings, reloadFindings } from './reload-proof.ts';
import { SANDBOX_CONFIG, type SandboxCopy } from './sandbox-files.ts';
import type { SandboxFiles, SandboxServer } from './sandbox-port.ts';
import { boot, withServer, type StepResult, type VersionRun } from './version-run.ts';

/** The configuration of a server that has nothing yet. */
const EMPTY: SandboxFiles = new Map([[SANDBOX_CONFIG, 'global: {}\n']]);

/** Boots on the base (or on nothing), reloads to the change and checks everything that proves a reload. */
export async function proveReload(run: VersionRun, base: SandboxCopy | undefined): Promise<StepResult> {
  const first = await boot(run, base?.files ?? EMPTY, SANDBOX_CONFIG);
  if (first.kind === 'failed') return { findings: [], reasons: [first.reason] };
  if (first.kind === 'ready') return stopAfter(first.server, () => reloadTo(run, first.server));
  const empty = await boot(run, EMPTY, SANDBOX_CONFIG);
  if (empty.kind === 'failed') return { findings: [], reasons: [empty.reason] };
  if (empty.kind === 'refused') {
    const message = `Prometheus ${run.program.version} does not start with an empty configuration (${empty.exit})`;
    return { findings: [], reasons: [{ code: 'tool_failed', message, subject: run.program.version }] };
  }
  const causes = base === undefined ? [] : loggedErrors(first.log, base, first.directory, run.configPath);
  const refused = baseRefused(run, causes.at(-1)?.text ?? first.exit);
  const result = await stopAfter(empty.server, () => reloadTo(run, empty.server));
  return { ...result, findings: [refused, ...result.findings] };
}

function baseRefused(run: VersionRun, cause: string): Finding {
  const message = `Prometheus does not start with the base configuration, so the reload began with an empty one: ${cause}`;
  return finding({ rule: 'reload/base-refused', severity: 'warning', message, file: run.configPath, subject: 'base' });
}

async function stopAfter(server: SandboxServer, use: () => Promise<StepResult>): Promise<StepResult> {
  try {
    return await use();
  } finally {
    await server.stop();
  }
}

async function reloadTo(run: VersionRun, server: SandboxServer): Promise<StepResult> {
  const before = await askMetrics(server.api);
  if (before.kind === 'untold') return { findings: [], reasons: [before.reason] };
  await server.replaceFiles(run.copy.files);
  const logged = server.log().length;
  const answer = await server.api.reload();
  if (!answer.ok) return { findings: [], reasons: [failureReason(answer.failure, run.program.version)] };
  const after = await askMetrics(server.api);
  if (after.kind === 'untold') return { findings: [], reasons: [after.reason] };
  if (answer.value.status === 200) await settle(run);
  const errors = loggedErrors(server.log().slice(logged), run.copy, server.directory, run.configPath);
  const body = inRepository(answer.value.body, run.copy, server.directory, run.configPath).text;
  const evidence = { ...answer.value, body, before: before.value, after: after.value, errors };
  const findings = reloadFindings(evidence, run.configPath);
  if (answer.value.status !== 200) return { findings, reasons: [] };
  const rules = await proveRules(run, server, 'After the reload');
  return { findings: [...findings, ...rules.findings], reasons: rules.reasons };
}

/** The scrape and rule managers apply a new configuration after the reload has answered; what they log comes late. */
function settle(run: VersionRun): Promise<void> {
  return run.clock.sleep(Math.min(checkedMs(run.project.config.gate.reload.settle), run.deadlineMs));
}

const NO_SERVER = 'A node that crashes or is replaced would stay without Prometheus.';

/** A server that starts with the change, as after a crash or a new node. */
export async function proveColdBoot(run: VersionRun): Promise<StepResult> {
  return withServer(
    run,
    run.copy.files,
    SANDBOX_CONFIG,
    async (server) => {
      const rules = await proveRules(run, server, 'After a start');
      const errors = loggedErrors(server.log(), run.copy, server.directory, run.configPath);
      const findings = errors.map((error) => logFinding(error, run.configPath));
      return { findings: [...findings, ...rules.findings], reasons: rules.reasons };
    },
    ({ log, directory, exit }) => {
      const errors = loggedErrors(log, run.copy, directory, run.configPath);
      const what = `A server that starts with this configuration ends at once (${exit})`;
      return { findings: refusedFindings('reload/cold-boot', what, errors, run.configPath, NO_SERVER), reasons: [] };
    },
  );
}

async function proveRules(run: VersionRun, server: SandboxServer, when: string): Promise<StepResult> {
  const groups = await askRules(server.api);
  if (groups.kind === 'untold') return { findings: [], reasons: [groups.reason] };
  const toRepository = (path: string): string | undefined => run.copy.repositoryPath(path, server.directory);
  const compared = await compareWithServer(server.api, run.project.ruleFiles, groups.value, toRepository);
  if (compared.kind === 'untold') return { findings: [], reasons: [compared.reason] };
  const { differences, queries } = compared.value;
  const all = { ...compared.value, differences: [...differences, ...queryDifferences(queries)] };
  return { findings: [...comparisonFindings(all, when, run.configPath), ...healthFindings(all)], reasons: [] };
}
