import type { Config } from '../config/index.ts';
import type { Duration, Finding, SourceText } from '../kernel/index.ts';
import type { RuleFile } from '../rules/index.ts';
import type { RepositoryFiles } from './ports.ts';
import type { RuleFilePattern } from './rule-file-paths.ts';

/** The parts of the Prometheus configuration that the gate reads; the rest is promtool's. */
export type PrometheusConfig = {
  readonly path: string;
  readonly source: SourceText;
  /** Defaults of Prometheus where not written: 1m each. */
  readonly scrapeInterval: Duration;
  readonly evaluationInterval: Duration;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** The entries of `rule_files`, each with the files of the repository that it means. */
  readonly ruleFiles: readonly RuleFilePattern[];
};

/** The repository under test, read and parsed once and shared by the five stages. */
export type Project = {
  readonly config: Config;
  readonly files: RepositoryFiles;
  /** Undefined when the configuration file cannot be read; the cause is in `findings`. */
  readonly prometheus: PrometheusConfig | undefined;
  /** With the realm in the place of `${REALM}`, as a server gets them. */
  readonly ruleFiles: readonly RuleFile[];
  /** Paths of the rule files in which `${REALM}` stands: their text differs from the file's. */
  readonly templated: ReadonlySet<string>;
  /**
   * What is wrong with the repository itself: unmatched globs, unreadable files, second documents, duplicates;
   * the findings of every rule file are among them.
   */
  readonly findings: readonly Finding[];
};
