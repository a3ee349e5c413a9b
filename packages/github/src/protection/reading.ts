import type { Reason } from '@obsgate/core/kernel';

export type Read<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'refused'; readonly reasons: readonly Reason[] };

/** Runs a parser of the core; what it does not understand is refused, never guessed. */
export function read<T>(what: string, parse: () => T): Read<T> {
  try {
    return { kind: 'ok', value: parse() };
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    return { kind: 'refused', reasons: [{ code: 'unexpected_answer', message: `${what}: ${message}` }] };
  }
}
