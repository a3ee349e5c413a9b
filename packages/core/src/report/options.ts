import type { Severity, SourceText } from '../kernel/index.ts';

/** What a renderer needs to know of a rule: the SARIF rule table and help links derive from it. */
export type RuleMeta = {
  /** Rule id, as findings carry it: `heartbeat/range`. */
  readonly id: string;
  /** One sentence without a full stop at its end. */
  readonly summary: string;
  /** Address of the rule's page. */
  readonly helpUri?: string;
  /** Severity unless configured otherwise. */
  readonly level: Severity;
};

/** Finds the text of a file by its path relative to the repository root; undefined when it was not read. */
export type Sources = (path: string) => SourceText | undefined;

export const REPORT_FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown', 'github'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type RenderContext = {
  readonly sources: Sources;
  /** ANSI colours in `text`; every other format ignores it. */
  readonly color: boolean;
  readonly rules: readonly RuleMeta[];
  /** Version of Obsgate, for SARIF's tool description. */
  readonly version?: string;
  /** Columns of the terminal, for `text`; 100 when not given. */
  readonly width?: number;
  /** Leaves warnings, notes and passed stages out of `text`. */
  readonly quiet?: boolean;
  /** Folder of the checked project relative to the repository root, prefixed to the paths of `sarif` and `github`. */
  readonly pathPrefix?: string;
};

/** A path of the project as a path of the repository: what GitHub and SARIF readers resolve against. */
export function repositoryPath(file: string, prefix: string | undefined): string {
  const clean = (prefix ?? '').replace(/^\.\/|\/+$/g, '');
  return clean === '' || clean === '.' ? file : `${clean}/${file}`;
}
