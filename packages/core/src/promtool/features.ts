/** What a promtool binary can do, as its own help says. Never derived from the version number. */
export type PromtoolFeatures = {
  /** `test rules --junit=FILE` (2.55). */
  readonly junit: boolean;
  /** `test rules --diff` (2.50). */
  readonly diff: boolean;
  /** `test rules --run=REGEX` (2.49). */
  readonly run: boolean;
  /** `test rules --ignore-unknown-fields` (3.2). */
  readonly ignoreUnknownFields: boolean;
  /** `check rules --ignore-unknown-fields` (3.2). */
  readonly checkIgnoreUnknownFields: boolean;
  /** `check rules --lint-fatal`: duplicates exit with 3 instead of 0. */
  readonly lintFatal: boolean;
  /** What `check rules --lint=` takes, such as `all`, `duplicate-rules`, `none`. */
  readonly ruleLints: readonly string[];
  /** What `check config --lint=` takes. */
  readonly configLints: readonly string[];
  readonly syntaxOnly: boolean;
  readonly agent: boolean;
};

/** The help texts of three subcommands; an empty one for a subcommand that does not exist. */
export type HelpTexts = { readonly testRules: string; readonly checkRules: string; readonly checkConfig: string };

/** Reads the flags from `promtool help test rules`, `help check rules` and `help check config`. */
export function parseFeatures({ testRules, checkRules, checkConfig }: HelpTexts): PromtoolFeatures {
  return {
    junit: hasFlag(testRules, 'junit'),
    diff: hasFlag(testRules, 'diff'),
    run: hasFlag(testRules, 'run'),
    ignoreUnknownFields: hasFlag(testRules, 'ignore-unknown-fields'),
    checkIgnoreUnknownFields: hasFlag(checkRules, 'ignore-unknown-fields'),
    lintFatal: hasFlag(checkRules, 'lint-fatal'),
    ruleLints: lintOptions(checkRules),
    configLints: lintOptions(checkConfig),
    syntaxOnly: hasFlag(checkConfig, 'syntax-only'),
    agent: hasFlag(checkConfig, 'agent'),
  };
}

// 2.x writes `--diff`, 3.x `--[no-]diff`.
function hasFlag(help: string, flag: string): boolean {
  return new RegExp(String.raw`^ +(?:-\w, )?--(?:\[no-\])?${flag}(?:[=\s]|$)`, 'm').test(help);
}

// The list is wrapped over lines: "Available options are: all,\n   duplicate-rules, none. Use …".
function lintOptions(help: string): string[] {
  const list = /Available\s+options\s+are:([^.]*)\./.exec(help)?.[1] ?? '';
  return list.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
}
