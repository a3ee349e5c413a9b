import type { Config } from '@obsgate/core/config';
import type { GateContext, GateOptions } from './options.ts';

/** What the stages are wired from. */
export type StageSetup = {
  readonly options: GateOptions;
  readonly context: GateContext;
  readonly config: Config;
  /** Absolute path of the repository. */
  readonly root: string;
  /** Absolute path of a temporary folder. */
  readonly scratch: string;
};
