type Part =
  | { readonly kind: 'literal'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [number, number])[] };

/** A compiled pattern of Go's `filepath.Match`. */
export type GoGlob = {
  readonly pattern: string;
  /** Whether the whole path matches; `*`, `?` and classes never cross a `/`. */
  matches(path: string): boolean;
};

/**
 * Compiles a pattern as Go's `filepath.Glob` reads it: `*`, `?`, `[a-z]`, `[^a-z]`, `\` escapes; no `**`, no braces,
 * and names that begin with a dot are names like others.
 * Undefined for a malformed pattern, which Prometheus refuses. https://pkg.go.dev/path/filepath#Match
 */
export function goGlob(pattern: string): GoGlob | undefined {
  const segments: Part[][] = [];
  for (const segment of splitSegments(pattern)) {
    const parts = compileSegment(segment);
    if (parts === undefined) return undefined;
    segments.push(parts);
  }
  return {
    pattern,
    matches(path) {
      const names = path.split('/');
      return (
        names.length === segments.length && segments.every((parts, at) => matchName(parts, Array.from(names[at] ?? '')))
      );
    },
  };
}

/** Whether the pattern has a special character, so that Prometheus is silent when nothing matches it. */
export function hasGlob(pattern: string): boolean {
  return /[*?[\\]/.test(pattern);
}

/** Prometheus allows `*` in the last element of a rule file's path only (`patRulePath` of its configuration). */
export function isRulePattern(pattern: string): boolean {
  return /^[^*]*(?:\*[^/]*)?$/.test(pattern);
}

/** A `/` inside a class would make the class malformed in Go too, since it globs element by element. */
function splitSegments(pattern: string): string[] {
  return pattern.split('/');
}

function compileSegment(segment: string): Part[] | undefined {
  const chars = Array.from(segment);
  const parts: Part[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') {
      if (parts.at(-1)?.kind !== 'star') parts.push({ kind: 'star' });
    } else if (char === '?') parts.push({ kind: 'any' });
    else if (char === '[') {
      const found = compileClass(chars, at + 1);
      if (found === undefined) return undefined;
      parts.push(found.part);
      at = found.end;
    } else if (char === '\\') {
      at++;
      const escaped = chars[at];
      if (escaped === undefined) return undefined;
      parts.push({ kind: 'literal', char: escaped });
    } else parts.push({ kind: 'literal', char });
  }
  return parts;
}

function compileClass(chars: readonly string[], from: number): { part: Part; end: number } | undefined {
  let at = from;
  const negated = chars[at] === '^';
  if (negated) at++;
  const ranges: (readonly [number, number])[] = [];
  // A class holds at least one range; `]` and `-` stand for themselves only when escaped.
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = classChar(chars, at);
    if (low === undefined) return undefined;
    at = low.next;
    let high = low;
    if (chars[at] === '-') {
      const end = classChar(chars, at + 1);
      if (end === undefined) return undefined;
      high = end;
      at = end.next;
    }
    if (at >= chars.length) return undefined;
    ranges.push([low.code, high.code]);
  }
  return { part: { kind: 'class', negated, ranges }, end: at };
}

function classChar(chars: readonly string[], at: number): { code: number; next: number } | undefined {
  const char = chars[at];
  if (char === undefined || char === '-' || char === ']') return undefined;
  const escaped = char === '\\' ? chars[at + 1] : char;
  return escaped === undefined ? undefined : { code: escaped.codePointAt(0) ?? 0, next: at + (char === '\\' ? 2 : 1) };
}

/** Greedy matching with one step back to the last star: time is bounded by pattern times name. */
function matchName(parts: readonly Part[], name: readonly string[]): boolean {
  let part = 0;
  let at = 0;
  let star: { part: number; at: number } | undefined;
  while (at < name.length) {
    const current = parts[part];
    if (current?.kind === 'star') {
      star = { part: part + 1, at };
      part++;
    } else if (current !== undefined && matchOne(current, name[at] ?? '')) {
      part++;
      at++;
    } else if (star !== undefined) {
      star = { part: star.part, at: star.at + 1 };
      ({ part, at } = star);
    } else return false;
  }
  return parts.slice(part).every((rest) => rest.kind === 'star');
}

function matchOne(part: Part, char: string): boolean {
  if (part.kind === 'literal') return part.char === char;
  if (part.kind !== 'class') return part.kind === 'any';
  const code = char.codePointAt(0) ?? 0;
  return part.ranges.some(([low, high]) => low <= code && code <= high) !== part.negated;
}
