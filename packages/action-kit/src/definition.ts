import { run, runPost, type PostResult } from './run.ts';
import { readInputs, type InputSpecs, type InputValues } from './inputs.ts';
import { writeOutputs, type OutputSpecs, type OutputValues } from './outputs.ts';

/** What an action's main is given. */
export type ActionContext<I extends InputSpecs, O extends OutputSpecs> = {
  readonly inputs: InputValues<I>;
  /** Writes outputs of the action; a name that it does not declare does not compile. */
  readonly setOutputs: (values: OutputValues<O>) => Promise<void>;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
};

/** Icon (https://feathericons.com) and colour on GitHub's Marketplace. */
export type Branding = {
  readonly icon: string;
  readonly color: 'white' | 'black' | 'yellow' | 'blue' | 'green' | 'orange' | 'red' | 'purple' | 'gray-dark';
};

/** Everything that is known of an action: action.yml, the README's tables and the run derive from it. */
export type ActionDefinition<I extends InputSpecs = InputSpecs, O extends OutputSpecs = OutputSpecs> = {
  /** Folder, bundle, docs page and workflow share this name. */
  readonly name: string;
  readonly description: string;
  readonly branding: Branding;
  readonly inputs: I;
  readonly outputs: O;
  /** Resolves to the exit code. Import what is heavy inside, so that wrong inputs are told of at once. */
  main(context: ActionContext<I, O>): Promise<number>;
  post?(context: ActionContext<I, O>): Promise<PostResult>;
};

/** Types an action's definition from its inputs and outputs. */
export function defineAction<const I extends InputSpecs, const O extends OutputSpecs>(
  definition: ActionDefinition<I, O>,
): ActionDefinition<I, O> {
  return definition;
}

/** Runs the action's main step: reads the inputs, does its work, sets the exit code. */
export async function runAction<I extends InputSpecs, O extends OutputSpecs>(
  definition: ActionDefinition<I, O>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  await run(
    async ({ signal }) =>
      definition.main({ inputs: readInputs(definition.inputs, env), setOutputs: writeOutputs, signal, env }),
    env,
  );
}

/** Runs the action's post step; an action without one has nothing to do. */
export async function runActionPost<I extends InputSpecs, O extends OutputSpecs>(
  definition: ActionDefinition<I, O>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  await runPost(
    async ({ signal }) =>
      (await definition.post?.({
        inputs: readInputs(definition.inputs, env),
        setOutputs: writeOutputs,
        signal,
        env,
      })) ?? { kind: 'done' },
    env,
  );
}
