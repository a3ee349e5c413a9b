import { resolve } from 'node:path';
import {
  finishGateAction,
  printInert,
  type ActionContext,
  type InputSpecs,
  type OutputSpecs,
} from '@obsgate/action-kit';
import { ConfigError } from '@obsgate/core/kernel';
import { runGate, type GateOptions, type GateResult } from '@obsgate/prometheus/gate';

/** The inputs that every gate action has. */
type CommonInputs = { readonly config: string | undefined; readonly 'working-directory': string };

type GateRun = {
  readonly name: string;
  readonly outputs: OutputSpecs;
  readonly inputs: CommonInputs;
  /** What the action asks of the gate; undefined values mean: as configured. */
  readonly options: { readonly [K in keyof GateOptions]?: GateOptions[K] | undefined };
  /** Called with the result before it is reported, for files that the action writes. */
  readonly write?: (result: GateResult) => Promise<void>;
};

/** Runs the gate for an action and reports it to the job; resolves to the exit code. */
export async function runGateAction(
  run: GateRun,
  { env, signal, setOutputs }: Pick<ActionContext<InputSpecs, OutputSpecs>, 'env' | 'signal' | 'setOutputs'>,
): Promise<number> {
  const folder = run.inputs['working-directory'];
  const workspace = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const given = Object.entries({ ...run.options, config: run.inputs.config }).filter(
    ([, value]) => value !== undefined,
  );
  const options: GateOptions = {
    ...Object.fromEntries(given),
    directory: resolve(workspace, folder),
    onlySelected: true,
  };
  const result = await runGate(options, { env, signal, progress: printInert });
  await run.write?.(result);
  return finishGateAction({ ...result, pathPrefix: folder }, { name: run.name, outputs: run.outputs, setOutputs, env });
}

/** A path that an input names, below the workspace: reports are written nowhere else. */
export function workspacePath(path: string, input: string, env: NodeJS.ProcessEnv): string {
  const workspace = resolve(env['GITHUB_WORKSPACE'] ?? process.cwd());
  const absolute = resolve(workspace, path);
  if (absolute.startsWith(`${workspace}/`) || absolute.startsWith(`${workspace}\\`)) return absolute;
  throw new ConfigError(`${JSON.stringify(path)} lies outside of the workspace`, input);
}
