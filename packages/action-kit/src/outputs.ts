/** One output of an action: what action.yml and the README say of it. */
export type OutputSpec = { readonly description: string };
export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

/** What an output may carry; lists and objects are written as JSON. */
export type OutputValue = string | number | boolean | readonly unknown[] | { readonly [key: string]: unknown };
export type OutputValues<S extends OutputSpecs> = { readonly [K in keyof S]?: OutputValue };

/** Names the outputs of an action. */
export function defineOutputs<const S extends OutputSpecs>(specs: S): S {
  return specs;
}

/** Writes outputs for later steps. Without `GITHUB_OUTPUT` (outside of a runner) nothing is written. */
export async function writeOutputs(values: Readonly<Record<string, OutputValue | undefined>>): Promise<void> {
  if (isUnset('GITHUB_OUTPUT')) return;
  // Loaded here because it costs more time than everything before it: it brings an HTTP client along.
  const { setOutput } = await import('@actions/core');
  for (const [name, value] of Object.entries(values)) if (value !== undefined) setOutput(name, value);
}

/** Keeps values for the post step, which reads them with {@link readState}. */
export async function saveState(values: Readonly<Record<string, string>>): Promise<void> {
  if (isUnset('GITHUB_STATE')) return;
  const core = await import('@actions/core');
  for (const [name, value] of Object.entries(values)) core.saveState(name, value);
}

/** What main kept under `name`; undefined when it kept nothing, as when it never got that far. */
export function readState(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[`STATE_${name}`];
  return value === '' ? undefined : value;
}

/** Appends Markdown to the job summary. The text must keep GitHub's limit of 1 MiB a step by itself. */
export async function writeSummary(markdown: string): Promise<void> {
  if (isUnset('GITHUB_STEP_SUMMARY')) return;
  const { summary } = await import('@actions/core');
  await summary.addRaw(markdown, true).write();
}

/** `@actions/core` reads process.env itself, and falls back to commands on stdout that GitHub has retired. */
function isUnset(variable: string): boolean {
  return (process.env[variable] ?? '') === '';
}
