import type { Reason } from '../../kernel/index.ts';
import { allRules } from '../../rules/index.ts';
import { askRules, asked, type Asked } from './ask-server.ts';
import { compareRules, type RuleComparison } from './compare-rules.ts';
import { loggedErrors } from './log-text.ts';
import { healthFindings, refusedFindings } from './reload-proof.ts';
import { quickInterval } from './rule-copies.ts';
import { quickCopy, SANDBOX_CONFIG, withRuleTexts } from './sandbox-files.ts';
import type { SandboxServer } from './sandbox-port.ts';
import { templateFindings, templateTrial, trialAlerts, type TemplateTrial } from './template-trial.ts';
import { CLEAN, withServer, type StepResult, type VersionRun } from './version-run.ts';

const POLL_MS = 50;

/**
 * Evaluates every rule at once. With the intervals of the repository a rule shows no result for minutes (its health
 * is `unknown` until then), so a copy with a short interval is evaluated by a server of its own.
 */
export async function proveEvaluation(run: VersionRun): Promise<StepResult> {
  const files = run.project.ruleFiles;
  const interval = quickInterval(allRules(files).length);
  const copy = quickCopy(run.copy, files, interval);
  return withServer(
    run,
    copy.files,
    SANDBOX_CONFIG,
    (server) => evaluated(run, server),
    refusedCopy(run, 'evaluation'),
  );
}

async function evaluated(run: VersionRun, server: SandboxServer): Promise<StepResult> {
  const toRepository = (path: string): string | undefined => run.copy.repositoryPath(path, server.directory);
  const done = await until(
    run,
    async () => {
      const groups = await askRules(server.api);
      if (groups.kind === 'untold') return groups;
      return { kind: 'told', value: compareRules(run.project.ruleFiles, groups.value, toRepository) };
    },
    (comparison) => comparison.matched.every(({ server: rule }) => rule.evaluated && rule.health !== 'unknown'),
  );
  if (done.kind === 'untold') return { findings: [], reasons: [done.reason] };
  return { findings: healthFindings(done.value), reasons: incomplete(run, done.value) };
}

// Vacuous success is no proof: every rule of the files must be among the evaluated.
function incomplete(run: VersionRun, comparison: RuleComparison): Reason[] {
  const expected = allRules(run.project.ruleFiles).length;
  const waiting = comparison.matched.filter(({ server }) => !server.evaluated || server.health === 'unknown').length;
  const seen = comparison.matched.length - waiting;
  if (seen === expected) return [];
  const message = `Prometheus ${run.program.version} evaluated ${seen} of ${expected} rules within ${run.deadlineMs / 1000} s`;
  return [{ code: 'deadline_exceeded', message, subject: run.program.version }];
}

/** Executes the templates of every alert, see {@link templateTrial}. */
export async function proveTemplates(run: VersionRun): Promise<StepResult> {
  const trial = templateTrial(run.project.ruleFiles);
  const [first] = run.project.ruleFiles;
  if (trial.alerts.length === 0 || first === undefined) return CLEAN;
  const copy = withRuleTexts(run.copy, new Map([[first.path, trial.text]]));
  return withServer(
    run,
    copy.files,
    SANDBOX_CONFIG,
    (server) => expanded(run, server, trial),
    refusedCopy(run, 'template'),
  );
}

async function expanded(run: VersionRun, server: SandboxServer, trial: TemplateTrial): Promise<StepResult> {
  const done = await until(
    run,
    async () => asked(await server.api.alerts(), (alerts) => alerts),
    (alerts) => trialAlerts(alerts).length >= trial.expected,
  );
  if (done.kind === 'untold') return { findings: [], reasons: [done.reason] };
  const findings = templateFindings(trial, done.value);
  const seen = trialAlerts(done.value).length;
  if (seen >= trial.expected) return { findings, reasons: [] };
  const message = `Prometheus ${run.program.version} expanded the templates of ${seen} of ${trial.expected} alerts within ${run.deadlineMs / 1000} s`;
  return { findings, reasons: [{ code: 'deadline_exceeded', message, subject: run.program.version }] };
}

/** Asks until `enough` holds or the deadline has passed; the last answer is returned, whether enough or not. */
async function until<T>(
  run: VersionRun,
  ask: () => Promise<Asked<T>>,
  enough: (value: T) => boolean,
): Promise<Asked<T>> {
  const deadline = run.clock.now() + run.deadlineMs;
  for (;;) {
    const start = run.clock.now();
    const answer = await ask();
    if (answer.kind === 'untold' || enough(answer.value) || run.clock.now() >= deadline) return answer;
    // A server with many rules is not asked more than a fifth of the time.
    await run.clock.sleep(Math.max(POLL_MS, 4 * (run.clock.now() - start)));
  }
}

// The same rules were accepted before: a refusal of the copy is the gate's doing, not a finding about the change.
function refusedCopy(run: VersionRun, name: string): Parameters<typeof withServer>[4] {
  return ({ log, directory, exit }) => {
    const errors = loggedErrors(log, run.copy, directory, run.configPath);
    const [cause] = refusedFindings(
      'reload/copy',
      `Prometheus ${run.program.version} does not start with the ${name} copy (${exit})`,
      errors,
      run.configPath,
      '',
    );
    return {
      findings: [],
      reasons: [{ code: 'tool_failed', message: cause?.message ?? exit, subject: run.program.version }],
    };
  };
}
