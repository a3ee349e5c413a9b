import type { Span } from '../promql/index.ts';
import type { LintedRule, Problem } from './model.ts';

type Words = Pick<Problem, 'message' | 'help' | 'related' | 'severity'>;

/** A problem with a part of a rule's expression; points at that part. */
export function inExpression(linted: LintedRule, span: Span, words: Words): Problem {
  const { rule, parsed } = linted;
  return {
    about: linted,
    file: rule.file.path,
    range: rule.expr.rangeOf(span.start, span.end),
    subject: `${subjectOf(linted)}/${excerpt(parsed.text, span)}`,
    ...words,
  };
}

/** A problem with a rule as a whole; points at its name. */
export function atName(linted: LintedRule, words: Words): Problem {
  return {
    about: linted,
    file: linted.rule.file.path,
    range: linted.rule.name.range,
    subject: subjectOf(linted),
    ...words,
  };
}

/** Names a rule within its file, for fingerprints. */
export function subjectOf({ rule }: LintedRule): string {
  return `${rule.group.name.value}/${rule.kind}/${rule.name.value}`;
}

/** The text of a part of an expression on one line. */
export function excerpt(text: string, span: Span): string {
  return text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
}

/** The same, in backticks and cut to a length that fits a message. */
export function quoted(text: string, span: Span, longest = 80): string {
  const short = excerpt(text, span);
  return `\`${short.length > longest ? `${short.slice(0, longest - 1)}…` : short}\``;
}
