import type { Recording } from '../recordings.ts';
import { checkPreparations } from './prepare-checks.ts';
import { contentPreparations } from './prepare-contents.ts';
import { gitPreparations } from './prepare-git.ts';
import { issuePreparations } from './prepare-issues.ts';
import { protectionPreparations } from './prepare-protection.ts';
import { pullPreparations } from './prepare-pulls.ts';
import { repositoryPreparations } from './prepare-repository.ts';
import type { Persona, Stage } from './stage.ts';

/** What to send in place of the recorded request: the same with the stage's own numbers and SHAs. */
export type Prepared = { readonly path?: string; readonly body?: unknown; readonly as?: Persona };

/** Brings a stage into the state that the recorded request found. `all` are all recordings, for what came before. */
export type Prepare = (stage: Stage, recording: Recording, all: readonly Recording[]) => Promise<Prepared>;

/** By operation, `GET /repos/{owner}/{repo}/…`. */
export const preparations: Readonly<Record<string, Prepare>> = {
  ...checkPreparations,
  ...contentPreparations,
  ...gitPreparations,
  ...issuePreparations,
  ...protectionPreparations,
  ...pullPreparations,
  ...repositoryPreparations,
};
