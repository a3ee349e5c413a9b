import { RE2JS } from 're2js';

/** What is wrong with an RE2 expression; undefined when it compiles. RE2 cannot be made to run away. */
export function re2Problem(text: string): string | undefined {
  try {
    RE2JS.compile(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the RE2 expression matches anywhere in the text. */
export function re2Found(expression: string, text: string): boolean {
  return RE2JS.compile(expression).matcher(text).find();
}
