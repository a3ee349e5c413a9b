import type { Position } from '../kernel/index.ts';

/** What one run of promtool said. */
export type PromtoolOutput = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * What a message is about:
 * `yaml` syntax or an unknown field; `promql` an expression; `template` a label's or annotation's template;
 * `series` an input series of a unit test; `evaluation` a rule that could not be evaluated in a unit test;
 * `rule` any other fault of a rule or group; `duplicate` two rules of one name and label set; `config` a fault of
 * the configuration; `lint` another finding of promtool's linter; `warning` a WARNING line; `usage` promtool refused
 * its command line; `other` a line that is none of these.
 */
export type MessageKind =
  | 'yaml'
  | 'promql'
  | 'template'
  | 'series'
  | 'evaluation'
  | 'rule'
  | 'duplicate'
  | 'config'
  | 'lint'
  | 'warning'
  | 'usage'
  | 'other';

export type PromtoolMessage = {
  readonly kind: MessageKind;
  /** promtool's own words, without the file, position, group and rule that stand before them. */
  readonly message: string;
  /** As promtool was given it, or as the configuration's globs produced it. */
  readonly file?: string;
  /** Where in the file. The column is absent where promtool names only a line. */
  readonly line?: number;
  readonly column?: number;
  /** Where within the expression (which may span lines of the file) or within the series, which has one line. */
  readonly expression?: Position;
  readonly group?: string;
  /** Number of the rule in its group, from 1. */
  readonly rule?: number;
  /** Name of the recorded series or the alert; promtool writes it empty when there is none. */
  readonly ruleName?: string;
  /** For evaluations: the time of the test at which it failed, as a duration. */
  readonly time?: string;
  /** For duplicates: the labels that the rules share. */
  readonly labels?: Readonly<Record<string, string>>;
};

/** promtool's verdict on one file. */
export type FileVerdict = {
  readonly file: string;
  /** `lint`: nothing but duplicates and other lint findings, for which the exit code may be 0 all the same. */
  readonly verdict: 'ok' | 'failed' | 'lint';
  /** How many rules promtool counted; absent unless it printed SUCCESS. */
  readonly rules?: number;
  readonly messages: readonly PromtoolMessage[];
};
