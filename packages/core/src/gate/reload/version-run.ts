import type { Finding, Reason } from '../../kernel/index.ts';
import type { Project } from '../project.ts';
import type { CaseReport } from '../report.ts';
import type { SandboxCopy } from './sandbox-files.ts';
import type { Clock, SandboxFiles, SandboxProgram, SandboxServer } from './sandbox-port.ts';

/** What one part of the proof found. A reason means that it could not be judged. */
export type StepResult = { readonly findings: readonly Finding[]; readonly reasons: readonly Reason[] };

export const CLEAN: StepResult = { findings: [], reasons: [] };

/** What every part of one version's proof is given. */
export type VersionRun = {
  readonly program: SandboxProgram;
  readonly project: Project;
  readonly clock: Clock;
  /** The changed configuration. */
  readonly copy: SandboxCopy;
  readonly configPath: string;
  readonly deadlineMs: number;
};

export type Boot =
  | { readonly kind: 'ready'; readonly server: SandboxServer }
  | {
      readonly kind: 'refused';
      readonly directory: string;
      readonly log: ReturnType<SandboxServer['log']>;
      readonly exit: string;
    }
  | { readonly kind: 'failed'; readonly reason: Reason };

/** Starts the run's Prometheus on `files`, with the feature flags of the project's server. */
export function boot(run: VersionRun, files: SandboxFiles, config: string): Promise<Boot> {
  const features = run.project.config.prometheus.enable_feature;
  return run.program.start({ files, config, features, deadlineMs: run.deadlineMs });
}

/** Boots, uses and always stops a server; `refused` says what a refusal to start means. */
export async function withServer(
  run: VersionRun,
  files: SandboxFiles,
  config: string,
  use: (server: SandboxServer) => Promise<StepResult>,
  refused: (boot: Extract<Boot, { kind: 'refused' }>) => StepResult,
): Promise<StepResult> {
  const started = await boot(run, files, config);
  if (started.kind === 'failed') return { findings: [], reasons: [started.reason] };
  if (started.kind === 'refused') return refused(started);
  try {
    return await use(started.server);
  } finally {
    await started.server.stop();
  }
}

/** Runs one part and reports it as a case of the stage. */
export async function timed(
  run: VersionRun,
  name: string,
  part: () => Promise<StepResult>,
): Promise<{ readonly result: StepResult; readonly report: CaseReport }> {
  const start = run.clock.now();
  const result = await part();
  return { result, report: caseReport(run, name, result, run.clock.now() - start) };
}

export function skippedCase(run: VersionRun, name: string, message: string): CaseReport {
  return { name, suite: suiteOf(run), outcome: 'skipped', durationMs: 0, message };
}

function caseReport(run: VersionRun, name: string, result: StepResult, durationMs: number): CaseReport {
  const errors = result.findings.filter((item) => item.severity === 'error');
  const messages = [...result.reasons, ...errors].map((item) => item.message);
  return {
    name,
    suite: suiteOf(run),
    outcome: result.reasons.length > 0 ? 'error' : errors.length > 0 ? 'fail' : 'pass',
    durationMs,
    ...(messages.length === 0 ? {} : { message: messages.join('\n') }),
  };
}

function suiteOf(run: VersionRun): string {
  return `Prometheus ${run.program.version}`;
}
