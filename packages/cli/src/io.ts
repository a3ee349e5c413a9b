/** The surroundings of one command run; tests give their own. */
export type CliIo = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For results; a person or a program reads it. */
  out(text: string): void;
  /** For progress and errors. */
  err(text: string): void;
  readonly color: boolean;
  /** Columns of the terminal that `out` is; undefined where it is none, and lines are as long as they are. */
  readonly width?: number | undefined;
  /** Whether progress lines are wanted: `err` is a terminal. */
  readonly progress: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Folder that holds `docs/` and `package.json` of this installation. */
  readonly home: URL;
};
