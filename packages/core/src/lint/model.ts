import type { HeartbeatTiming } from '../heartbeat/index.ts';
import type { Range, RelatedPlace, Severity } from '../kernel/index.ts';
import type { ParsedExpression } from '../promql/index.ts';
import type { Rule, RuleFile } from '../rules/index.ts';

/** A rule of the repository with its expression read. */
export type LintedRule = { readonly rule: Rule; readonly parsed: ParsedExpression };

/** The recording rules of the repository by the name that they record. */
export type RecordedSeries = ReadonlyMap<string, readonly LintedRule[]>;

/** What the configuration says, in the form that the rules use. */
export type LintSettings = {
  /** Severities set by the user, by rule id. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** The interval at which metrics are scraped; undefined when no Prometheus configuration says. */
  readonly scrapeInterval: { readonly ms: number } | undefined;
  readonly timing: HeartbeatTiming;
  readonly realm: { readonly label: string; readonly value: string };
  /** Whether a metric name is a heartbeat's. */
  isHeartbeat(name: string): boolean;
  /** Whether a metric name is that of a raw sequence gauge. */
  isSequence(name: string): boolean;
  /** Whether a recorded name promises a 0/1 state (`heartbeat_ok`, `heartbeat_fresh_120s`). */
  isState(name: string): boolean;
  /** Whether an alert's name says that it is a dead man's switch. */
  isDeadMan(name: string): boolean;
  readonly forbiddenFunctions: ReadonlySet<string>;
  readonly forbiddenTemplateFunctions: ReadonlySet<string>;
};

/** Heartbeat metrics that are computed from each other. */
export type Family = {
  /** The first rule that records one of them. */
  readonly first: LintedRule;
  readonly names: ReadonlySet<string>;
  /** Whether the repository watches this heartbeat: it records a state of it, counts its ticks or takes its age. */
  readonly guarded: boolean;
};

/**
 * How much of a repository the linted files are: `project` is all of it, `files` some (`obsgate lint PATH`),
 * so that nothing can be said about what is missing.
 */
export type LintScope = 'project' | 'files';

export type LintContext = {
  readonly scope: LintScope;
  readonly settings: LintSettings;
  readonly files: readonly RuleFile[];
  /** Every rule, in file and group order. */
  readonly rules: readonly LintedRule[];
  /** Those that record a heartbeat or read one. */
  readonly heartbeats: readonly LintedRule[];
  readonly recorded: RecordedSeries;
  /** The recorded heartbeats. */
  readonly families: readonly Family[];
};

/** What a rule found, before severity and fingerprint. */
export type Problem = {
  /** The rule that it is about. */
  readonly about?: LintedRule;
  readonly file: string;
  readonly range: Range;
  /** Identity within the file, independent of its line; repeated ones are numbered by the engine. */
  readonly subject: string;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
  /** A severity for this case other than the rule's own; one set in the configuration wins. */
  readonly severity?: Severity;
};

/**
 * One lint rule. `id` is `area/name` and also names its page, `docs/rules/<area>/<name>.md`.
 * The registry, the documentation index and SARIF's rule table derive from it.
 */
export type LintRule = {
  readonly id: string;
  /** One sentence: what is wrong when this rule speaks. */
  readonly summary: string;
  readonly docs: string;
  readonly severity: Severity;
  /**
   * `rule`: what it says about a rule follows from that rule's own lines. `project`: it follows from the whole
   * repository, so a filter by changed lines must not hide it.
   */
  readonly reach: 'rule' | 'project';
  /** Set when the rule asks for what is missing, so that it is left out unless the whole repository is linted. */
  readonly scope?: 'project';
  check(context: LintContext): Iterable<Problem>;
};
