import type { ReasonCode } from '../kernel/index.ts';

/** One reason why the changed files may not merge without a person. */
export type PolicyProblem = {
  readonly code: ReasonCode;
  readonly message: string;
  /** The path it is about, as git has it. */
  readonly subject?: string;
  readonly help: string;
};

/** Text from outside within a message: quoted, so that it ends where it ends. */
export function quoted(text: string): string {
  return visible(JSON.stringify(text));
}

/** Writes characters that cannot be seen, or that turn the direction of what follows, by their numbers. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  );
}
