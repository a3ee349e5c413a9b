const SIMPLE: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

/**
 * The value of a PromQL string literal, quotes included in `literal`.
 * Escapes are Go's; between backticks nothing is escaped.
 * https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 *
 * A broken escape stays as it is written: promtool refuses such an expression.
 */
export function unquote(literal: string): string {
  const quote = literal.charAt(0);
  const closed = literal.length > 1 && literal.endsWith(quote);
  const body = literal.slice(1, closed ? -1 : undefined);
  if (quote === '`' || !body.includes('\\')) return body;
  return unescape(body);
}

const ESCAPE = /\\(?:([abfnrtv\\'"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

function unescape(body: string): string {
  let text = '';
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) text += new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = [];
  };
  for (let at = 0; at < body.length;) {
    ESCAPE.lastIndex = at;
    const match = body.charAt(at) === '\\' ? ESCAPE.exec(body) : null;
    const [whole = body.charAt(at), simple, hex, octal, short, long] = match ?? [];
    at += whole.length;
    const byte =
      hex === undefined ? (octal === undefined ? undefined : Number.parseInt(octal, 8)) : Number.parseInt(hex, 16);
    if (byte !== undefined) {
      // `\xNN` and `\NNN` are bytes: several of them may make one character.
      bytes.push(byte & 0xff);
      continue;
    }
    flush();
    text += decoded(whole, simple, short ?? long);
  }
  flush();
  return text;
}

function decoded(whole: string, simple: string | undefined, code: string | undefined): string {
  if (simple !== undefined) return simple in SIMPLE ? String.fromCharCode(SIMPLE[simple] ?? 0) : simple;
  if (code === undefined) return whole;
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
