import { cp, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { STAGE_NAMES } from '@obsgate/core/gate';

const BROKEN = join(import.meta.dirname, '../fixtures/broken');
const stage = z.enum(STAGE_NAMES);

const expectedSchema = z.strictObject({
  defect: z.string().min(1),
  /** Every finding of severity error or warning; `at` is `file:line`, or the file alone where the whole of it is meant. */
  findings: z.partialRecord(
    stage,
    z.array(z.strictObject({ rule: z.string().min(1), at: z.string().optional() })).min(1),
  ),
  /** Stages that fail too, since nothing sound is left for them. */
  consequences: z.array(stage).default([]),
  /** Files of `sound/` that the repository lacks. */
  without: z.array(z.string()).default([]),
});

export type Expected = z.infer<typeof expectedSchema>;

/** Names of all cases, sorted; `sound` is not among them. */
export async function brokenCases(): Promise<string[]> {
  const entries = await readdir(BROKEN, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && entry.name !== 'sound' ? [entry.name] : [])).toSorted();
}

/** Puts the repository of a case, or `sound`, into `directory`, and tells what the gate must find there. */
export async function buildCase(name: string, directory: string): Promise<Expected> {
  await cp(join(BROKEN, 'sound'), directory, { recursive: true });
  if (name === 'sound') return { defect: 'none', findings: {}, consequences: [], without: [] };
  await cp(join(BROKEN, name), directory, { recursive: true });
  const path = join(directory, 'expected.json');
  const expected = expectedSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  for (const gone of ['expected.json', ...expected.without]) await rm(join(directory, gone));
  return expected;
}
