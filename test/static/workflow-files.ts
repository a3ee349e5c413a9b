import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Paths of the workflows, relative to the repository's root. */
export function workflowPaths(): string[] {
  const folder = '.github/workflows';
  return readdirSync(join(root, folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`);
}

/** Paths of the actions' metadata, relative to the repository's root. */
export function actionPaths(): string[] {
  return readdirSync(join(root, 'actions'))
    .map((name) => `actions/${name}/action.yml`)
    .filter((path) => existsSync(join(root, path)));
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const stepSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
export type Step = z.output<typeof stepSchema>;

const workflowSchema = z.looseObject({
  permissions: z.unknown(),
  jobs: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      uses: z.string().optional(),
      permissions: z.unknown(),
      'timeout-minutes': z.number().optional(),
      steps: z.array(stepSchema).default([]),
    }),
  ),
});

/** A workflow as data; only what the tests look at is checked. */
export function readWorkflow(path: string) {
  return workflowSchema.parse(parse(readText(path)));
}
