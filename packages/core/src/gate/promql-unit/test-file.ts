import type { Duration, Finding, Range, SourceText } from '../../kernel/index.ts';
import type { Located } from '../../rules/index.ts';

/** One expected alert or sample list is written as `[]`. */
export type Emptiness = 'empty' | 'some';

export type AlertAssertion = {
  readonly kind: 'alert';
  readonly alertname: Located<string>;
  readonly evalTime: Located<Duration> | undefined;
  readonly expected: Emptiness;
  readonly range: Range;
};

export type ExprAssertion = {
  readonly kind: 'expr';
  readonly expr: Located<string>;
  readonly evalTime: Located<Duration> | undefined;
  readonly expected: Emptiness;
  readonly range: Range;
};

export type Assertion = AlertAssertion | ExprAssertion;

/** One entry of `tests:`: promtool's test group. */
export type TestGroup = {
  /** As written, or `test 1` and so on, counted from 1. */
  readonly name: string;
  readonly range: Range;
  readonly interval: Duration;
  readonly series: readonly Located<string>[];
  readonly assertions: readonly Assertion[];
  /** The group as plain data. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** The group as YAML on one line, for a test file of its own. */
  readonly written: string;
};

/** A promtool unit-test file with positions. What could not be read is in `findings`. */
export type TestFile = {
  readonly path: string;
  readonly source: SourceText;
  readonly ruleFiles: readonly Located<string>[];
  readonly groupEvalOrder: readonly string[];
  readonly groups: readonly TestGroup[];
  /** Keys beside `tests` and `rule_files`, each value as YAML on one line. */
  readonly settings: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
};
