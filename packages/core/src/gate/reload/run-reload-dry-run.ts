import { checkedMs, finding, sortFindings, type Finding, type Reason } from '../../kernel/index.ts';
import { allRules } from '../../rules/index.ts';
import type { RepositoryFiles } from '../ports.ts';
import type { Project } from '../project.ts';
import type { CaseReport, StageResult } from '../report.ts';
import { incompleteFindings } from '../incomplete.ts';
import { logFileFindings } from './log-file-findings.ts';
import { proveEvaluation, proveTemplates } from './prove-evaluation.ts';
import { proveColdBoot, proveReload } from './prove-reload.ts';
import { copyRepository, type CopyResult, type SandboxCopy } from './sandbox-files.ts';
import type { Clock, SandboxProgram, WantedSandbox } from './sandbox-port.ts';
import { skippedCase, timed, type StepResult, type VersionRun } from './version-run.ts';

export type ReloadPorts = {
  /** The server's version first, then those that must agree. */
  readonly sandboxes: readonly WantedSandbox[];
  readonly clock: Clock;
  /** The repository as the server has it now; undefined: the reload starts from an empty configuration. */
  readonly base?: { readonly ref: string; readonly files: RepositoryFiles };
};

const UNPROVED = 'The reload is proved for the rules that could be read, and some could not';

/** Most of the time is waiting for the first evaluation; each version runs four servers. */
const VERSIONS_AT_ONCE = 2;

/**
 * Stage 4: real servers of each version boot on the base configuration and reload to the changed one. A reload counts
 * as proved when it answers 200, the server's metric says so, its success time moved, the rules API shows exactly the
 * rules of the files, nothing was logged as an error, a cold start ends in the same state, every rule evaluates and
 * every template executes.
 */
export async function runReloadDryRun(project: Project, ports: ReloadPorts): Promise<StageResult> {
  const prepared = await prepare(project, ports);
  if ('result' in prepared) return prepared.result;
  const { copy, base, findings } = prepared;
  const reasons: Reason[] = [];
  const programs: SandboxProgram[] = [];
  for (const wanted of ports.sandboxes) {
    if (wanted.kind === 'unavailable') {
      reasons.push(wanted.reason);
      continue;
    }
    programs.push(wanted.program);
    if (wanted.drift !== undefined) findings.push(wanted.drift);
  }
  const results: VersionResult[] = [];
  for (let index = 0; index < programs.length; index += VERSIONS_AT_ONCE) {
    const some = programs.slice(index, index + VERSIONS_AT_ONCE);
    results.push(...(await Promise.all(some.map((program) => runVersion(project, program, ports.clock, copy, base)))));
  }
  if (ports.sandboxes.length === 0) reasons.push({ code: 'tool_unavailable', message: 'no Prometheus to reload' });
  const found = [...findings, ...mergeVersions(results)];
  // A refused reload has told the cause.
  const refused = found.some(({ severity }) => severity === 'error');
  const gaps = refused ? [] : incompleteFindings('reload/incomplete', project.findings, UNPROVED);
  return {
    reasons: [...reasons, ...results.flatMap((result) => result.reasons)],
    findings: sortFindings([...found, ...gaps]),
    cases: results.flatMap((result) => result.cases),
    facts: {
      versions: results.map((result) => result.version),
      base: base === undefined ? 'empty configuration' : (ports.base?.ref ?? ''),
      files: project.ruleFiles.length,
      groups: project.ruleFiles.reduce((sum, file) => sum + file.groups.length, 0),
      rules: allRules(project.ruleFiles).length,
      left_out: copy.leftOut,
    },
  };
}

type Prepared = {
  readonly copy: SandboxCopy;
  readonly base: SandboxCopy | undefined;
  readonly findings: Finding[];
};

async function prepare(project: Project, ports: ReloadPorts): Promise<Prepared | { readonly result: StageResult }> {
  const settings = project.config.prometheus;
  const changed = await copyRepository(project.files, project.config, project.ruleFiles);
  if (changed.kind === 'unreadable') {
    const found = incompleteFindings('reload/incomplete', project.findings, 'No reload was tried');
    if (found.length > 0) return { result: { findings: found } };
    return { result: { reasons: [{ code: 'unreadable_input', message: changed.detail, subject: settings.config }] } };
  }
  if (allRules(project.ruleFiles).length === 0) return { result: { findings: [nothingLoaded(settings.config)] } };
  const base = ports.base === undefined ? undefined : await copyRepository(ports.base.files, project.config, []);
  const findings = logFileFindings(
    changed.isolated.logFiles,
    base?.kind === 'copied' ? base.isolated.logFiles : [],
    await project.files.list(),
    settings,
    project.prometheus?.source.text ?? '',
  );
  if (base?.kind === 'unreadable') findings.push(unreadableBase(base, ports.base?.ref ?? '', settings.config));
  return { copy: changed.copy, base: base?.kind === 'copied' ? base.copy : undefined, findings };
}

function nothingLoaded(file: string): Finding {
  const message = 'The configuration brings no rule. A server would load it without a word and evaluate nothing.';
  return finding({ rule: 'reload/nothing-to-load', severity: 'error', message, file, subject: 'rules' });
}

function unreadableBase(base: Extract<CopyResult, { kind: 'unreadable' }>, ref: string, file: string): Finding {
  const message = `${ref} has no configuration to start from (${base.detail}), so the reload began with an empty one.`;
  return finding({ rule: 'reload/no-base', severity: 'info', message, file, subject: 'base' });
}

type VersionResult = StepResult & { readonly version: string; readonly cases: readonly CaseReport[] };

async function runVersion(
  project: Project,
  program: SandboxProgram,
  clock: Clock,
  copy: SandboxCopy,
  base: SandboxCopy | undefined,
): Promise<VersionResult> {
  const { config } = project;
  const deadlineMs = checkedMs(config.gate.reload.deadline);
  const run: VersionRun = { program, project, clock, copy, configPath: config.prometheus.config, deadlineMs };
  // All at once: the reload waits for late log lines and the evaluation for the first tick, which costs no processor.
  const [reload, ...rest] = await Promise.all([
    timed(run, 'reload', () => proveReload(run, base)),
    timed(run, 'cold boot', () => proveColdBoot(run)),
    timed(run, 'evaluation', () => proveEvaluation(run)),
    timed(run, 'templates', () => proveTemplates(run)),
  ]);
  if (reload.report.outcome !== 'pass') {
    // What the others say of a configuration that does not load is the same cause once more.
    const skipped = rest.map(({ report }) => skippedCase(run, report.name, 'not judged: the reload failed'));
    return { version: program.version, ...reload.result, cases: [reload.report, ...skipped] };
  }
  const parts = [reload, ...rest];
  return {
    version: program.version,
    findings: parts.flatMap((part) => part.result.findings),
    reasons: parts.flatMap((part) => part.result.reasons),
    cases: parts.map((part) => part.report),
  };
}

/** One finding where several versions, or several parts of the proof, found the same; it names the versions. */
function mergeVersions(results: readonly VersionResult[]): Finding[] {
  const merged = new Map<string, { readonly item: Finding; readonly versions: Set<string> }>();
  for (const { version, findings } of results) {
    for (const item of findings) {
      const key = JSON.stringify([item.rule, item.file, item.range, item.message]);
      const entry = merged.get(key) ?? { item, versions: new Set() };
      entry.versions.add(version);
      merged.set(key, entry);
    }
  }
  return [...merged.values()].map(({ item, versions }) => ({
    ...item,
    message: `${item.message} (Prometheus ${[...versions].join(', ')})`,
  }));
}
