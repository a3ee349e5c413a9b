import { parseDuration, type Duration } from '@obsgate/core/kernel';
import * as z from 'zod';

// Schemas for inputs: each reads the text that the runner hands over. What does not parse is an error, never a default.

const TRUE = new Set(['true', 'True', 'TRUE']);
const FALSE = new Set(['false', 'False', 'FALSE']);

/** Any text that is not empty. */
export function textInput() {
  return z.string();
}

/** `true` or `false` as YAML 1.2 writes them; `yes`, `1` and the like are errors. */
export function booleanInput() {
  return z.string().transform((text, context): boolean => {
    if (TRUE.has(text) || FALSE.has(text)) return TRUE.has(text);
    return refuse(context, 'true or false');
  });
}

/** A whole number in decimal digits from `min` to `max`, both included. */
export function integerInput({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}) {
  return z.string().transform((text, context): number => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const bounds = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
    return refuse(context, `a whole number, ${bounds}`);
  });
}

/** A decimal number from `min` to `max`, both included. */
export function numberInput({ min, max }: { min: number; max: number }) {
  return z.string().transform((text, context): number => {
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : refuse(context, `a number from ${min} to ${max}`);
  });
}

/** Words set apart by commas or line ends; blanks around them are dropped, and a `#` line is a comment. */
export function listInput() {
  return z.string().transform((text): readonly string[] =>
    text
      .split(/\r?\n/)
      .filter((line) => !/^[ \t]*#/.test(line))
      .flatMap((line) => line.split(','))
      .map(trimBlanks)
      .filter((item) => item !== ''),
  );
}

/** One of the given words. */
export function choiceInput<const T extends readonly [string, ...string[]]>(words: T) {
  return z.string().transform((text, context): T[number] => {
    const word = words.find((candidate) => candidate === text);
    return word ?? refuse(context, `one of ${words.join(', ')}`);
  });
}

/** A Prometheus duration such as `90s` or `1h30m`; a number without a unit is an error. */
export function durationInput() {
  return z.string().transform((text, context): Duration => {
    return parseDuration(text) ?? refuse(context, 'a duration with its unit, such as 90s or 1h30m');
  });
}

/** An `http` or `https` address. */
export function urlInput() {
  return z.string().transform((text, context): URL => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
    return refuse(context, 'an http or https address');
  });
}

/** Removes ASCII blanks and line ends only: refs and SHAs keep every other character, so that they fail where they are wrong. */
export function trimBlanks(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

function refuse(context: z.core.$RefinementCtx<string>, expected: string): never {
  context.addIssue({ code: 'custom', message: `expected ${expected}` });
  return z.NEVER;
}
