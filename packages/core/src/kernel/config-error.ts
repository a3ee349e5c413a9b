/** The user's fault: wrong usage, configuration or input. Shown as one line without a stack; exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** `file:line:column` or a name such as `--stage`, when the fault has a place. */
  readonly place: string | undefined;

  constructor(message: string, place?: string) {
    super(place === undefined ? message : `${place}: ${message}`);
    this.place = place;
  }
}
