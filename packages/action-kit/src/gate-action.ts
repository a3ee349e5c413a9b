import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GateReport, StageReport } from '@obsgate/core/gate';
import type { ReasonCode } from '@obsgate/core/kernel';
import type { RenderContext } from '@obsgate/core/report';
import { writeSummary, type OutputSpecs, type OutputValue } from './outputs.ts';

/** A gate's report with what its renderers need. */
export type GateResult = Omit<RenderContext, 'color'> & { readonly report: GateReport };

export type GateActionContext = {
  /** The action's name, which names the report file. */
  readonly name: string;
  /** The outputs that the action declares: facts of its stages with the same name are written to them. */
  readonly outputs: OutputSpecs;
  /** Outputs that are no facts. */
  readonly extra?: Readonly<Record<string, OutputValue | undefined>>;
  readonly setOutputs: (values: Readonly<Record<string, OutputValue | undefined>>) => Promise<void>;
  readonly env: NodeJS.ProcessEnv;
};

/**
 * What all gate actions do with a report: the JSON file, the outputs, the job summary, the log, the annotations.
 * Resolves to the exit code. The outputs are written before anything that is only for show.
 */
export async function finishGateAction(result: GateResult, context: GateActionContext): Promise<number> {
  // Loaded here: nothing of it is needed to refuse a wrong input.
  const { gateExitCode, renderReport } = await import('@obsgate/core/report');
  const { report } = result;
  const color = context.env['NO_COLOR'] === undefined;
  const path = await writeReport(context, renderReport(report, 'json', { ...result, color: false }));
  await context.setOutputs({
    ...factOutputs(report.stages, context.outputs),
    ...context.extra,
    outcome: report.outcome,
    report: path,
    'reason-codes': reasonCodes(report),
  });
  await writeSummary(renderReport(report, 'markdown', { ...result, color: false }));
  printInert(renderReport(report, 'text', { ...result, color }));
  process.stdout.write(renderReport(report, 'github', { ...result, color: false }));
  return gateExitCode(report);
}

/** The codes of all reasons of the stages that ran, without repetitions; one that failed by what it found has `findings`. */
export function reasonCodes(report: GateReport): ReasonCode[] {
  const ran = report.stages.filter((stage) => stage.outcome !== 'skipped');
  const codes = ran.flatMap((stage): ReasonCode[] => [
    ...stage.reasons.map((reason) => reason.code),
    ...(stage.outcome === 'fail' ? (['findings'] as const) : []),
  ]);
  return [...new Set(codes)];
}

/**
 * Prints text for people in the log. The runner would obey lines that look like workflow commands, and the text
 * repeats what stands in the checked files: commands are off while it is printed
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands).
 */
export function printInert(text: string): void {
  const token = crypto.randomUUID();
  process.stdout.write(`::stop-commands::${token}\n${text}${text.endsWith('\n') ? '' : '\n'}::${token}::\n`);
}

/** A folder of its own for each run, since one job may use an action more than once. */
async function writeReport({ name, env }: GateActionContext, json: string): Promise<string> {
  const temporary = env['RUNNER_TEMP'] ?? '';
  const folder = await mkdtemp(join(temporary === '' ? tmpdir() : temporary, 'obsgate-'));
  const path = join(folder, `${name}.json`);
  await writeFile(path, json);
  return path;
}

/** Facts by the outputs' names: the fact `mutation_score` or `mutationScore` is the output `mutation-score`. */
function factOutputs(stages: readonly StageReport[], outputs: OutputSpecs): Record<string, OutputValue> {
  const facts = stages.flatMap((stage) => Object.entries(stage.facts));
  return Object.fromEntries(
    facts.map(([name, fact]) => [kebab(name), fact]).filter(([name]) => String(name) in outputs),
  );
}

function kebab(name: string): string {
  return name.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
