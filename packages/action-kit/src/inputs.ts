import { ConfigError, nearest } from '@obsgate/core/kernel';
import { workflowCommand } from '@obsgate/core/report/workflow-command';
import * as z from 'zod';
import { trimBlanks } from './input-schemas.ts';

/** One input of an action: what action.yml and the README say of it, and how its text is read. */
export type InputSpec = {
  readonly description: string;
  /** Refused when it is not given; action.yml says so too. */
  readonly required?: boolean;
  /** Text that stands for an input that is not given; written to action.yml, so expressions are allowed. */
  readonly default?: string;
  readonly schema: z.ZodType<unknown, string>;
  /** Its value is masked in the log before anything else is said, and never repeated in a message. */
  readonly secret?: boolean;
  /** Names that this input had in earlier versions: using one fails with the new name. */
  readonly formerNames?: readonly string[];
};

export type InputSpecs = Readonly<Record<string, InputSpec>>;

/** The values of an action's inputs by name; an optional input without a default may be undefined. */
export type InputValues<S extends InputSpecs> = {
  readonly [K in keyof S]: S[K] extends { required: true } | { default: string }
    ? z.output<S[K]['schema']>
    : z.output<S[K]['schema']> | undefined;
};

/** Names the inputs of an action. Names are in kebab-case, as the flags of the command. */
export function defineInputs<const S extends InputSpecs>(specs: S): S {
  return specs;
}

const PREFIX = 'INPUT_';

/**
 * Reads the inputs from the `INPUT_*` variables that the runner sets. An empty text counts as not given.
 *
 * The runner hands over mistyped `with:` keys as well and only warns of them
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionRunner.cs); here they are errors.
 *
 * @throws ConfigError naming everything that is wrong: unknown inputs with the nearest known one, renamed inputs
 * with the new name, missing ones, and values that do not parse.
 */
export function readInputs<const S extends InputSpecs>(specs: S, env: NodeJS.ProcessEnv): InputValues<S> {
  const given = givenInputs(specs, env);
  maskSecrets(specs, given);
  const renamed = renamedInputs(specs, given);
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => !renamed.has(name)));
  const shape = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, isAlwaysThere(spec) ? spec.schema : spec.schema.optional()]),
  );
  // Compiling the schema to code first would cost more than this one use of it.
  const result = z.strictObject(shape).safeParse(known, { jitless: true });
  const problems = [
    ...renamed.values(),
    ...(result.success ? [] : result.error.issues.flatMap((issue) => explain(issue, specs, known))),
  ];
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  // The shape was built from the specs one to one, which the type system cannot follow.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return result.data as InputValues<S>;
}

/** An input whose default is an expression is there too: the runner evaluates it. */
function isAlwaysThere(spec: InputSpec): boolean {
  return spec.required === true || spec.default !== undefined;
}

/** Texts by input name: those of the environment under the name that the specs use, and the defaults. */
function givenInputs(specs: InputSpecs, env: NodeJS.ProcessEnv): Record<string, string> {
  const names = new Map(Object.keys(specs).map((name) => [variable(name), name]));
  const given: Record<string, string> = {};
  for (const [key, value = ''] of Object.entries(env)) {
    if (!key.toUpperCase().startsWith(PREFIX)) continue;
    const text = trimBlanks(value);
    const name = names.get(key.toUpperCase()) ?? key.slice(PREFIX.length).toLowerCase();
    if (text !== '') given[name] = text;
  }
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.default !== undefined && !spec.default.includes('${{')) given[name] ??= spec.default;
  }
  return given;
}

/** The variable of an input, as the runner names it: upper case, blanks become `_`, hyphens stay. */
export function variable(input: string): string {
  return PREFIX + input.replaceAll(' ', '_').toUpperCase();
}

function maskSecrets(specs: InputSpecs, given: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(given)) {
    if (specs[name]?.secret === true) maskSecret(text);
  }
}

/** Tells the runner to replace `secret` in everything it logs from here on. */
export function maskSecret(secret: string): void {
  if (secret !== '') process.stdout.write(`${workflowCommand('add-mask', {}, secret)}\n`);
}

function renamedInputs(specs: InputSpecs, given: Readonly<Record<string, string>>): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [name, spec] of Object.entries(specs)) {
    for (const former of spec.formerNames ?? []) {
      if (former in given) renamed.set(former, `input "${former}" is now named "${name}"`);
    }
  }
  return renamed;
}

function explain(issue: z.core.$ZodIssue, specs: InputSpecs, given: Readonly<Record<string, string>>): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownInput(key, specs));
  const name = String(issue.path[0]);
  const text = given[name];
  if (text === undefined) return [`input "${name}" is required: ${specs[name]?.description ?? ''}`];
  const shown = specs[name]?.secret === true ? '' : ` is ${JSON.stringify(text)}`;
  return [`input "${name}"${shown}: ${issue.message}`];
}

function unknownInput(name: string, specs: InputSpecs): string {
  const known = Object.keys(specs);
  const near = nearest(name, known);
  return `unknown input "${name}"; ${near === undefined ? `the inputs are ${known.join(', ')}` : `did you mean "${near}"?`}`;
}
