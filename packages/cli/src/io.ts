/** The surroundings of one command run; tests give their own. */
export type CliIo = {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For results; a person or a program reads it. */
  out(text: string): void;
  /** For progress and errors. */
  err(text: string): void;
  readonly color: boolean;
  /** Whether progress lines are wanted: `err` is a terminal. */
  readonly progress: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Folder that holds `docs/` and `package.json` of this installation. */
  readonly home: URL;
};
