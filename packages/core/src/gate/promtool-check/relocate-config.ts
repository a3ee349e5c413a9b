import { isScalar, isSeq, visit, type Pair, type Scalar } from 'yaml';
import { parseYamlDocuments } from '../../input/index.ts';

/** What becomes of a path that the configuration names. */
export type Relocation =
  /** Another path is written in its place. */
  | { readonly kind: 'moved'; readonly to: string }
  /** The path stays; it was said elsewhere what is wrong with it. */
  | { readonly kind: 'kept' };

/** Where in the configuration a path stands: the key that holds it (`rule_files`, `files`, `ca_file`, ...). */
export type PathUse = { readonly key: string; readonly path: string };

/** Keys whose value is a path, or a list of paths, of the server's file system. */
const PATH_KEY = /^(?:rule_files|scrape_config_files|files|[a-z0-9_]+_file)$/;

/** Keys that look like one but are written by the server, or are no path. */
const NOT_READ = new Set(['query_log_file', 'scrape_failure_log_file']);

/**
 * The configuration's text with its paths replaced as `relocate` says, every other character and every line number
 * as it was, so that promtool's messages about the copy hold for the original.
 * Text that is no YAML is returned as it is: promtool says what is wrong with it.
 */
export function relocateConfig(text: string, relocate: (use: PathUse) => Relocation): string {
  // A second document is read by no server.
  const [document] = parseYamlDocuments(text, { uniqueKeys: false });
  if (document === undefined || document.errors.length > 0) return text;
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  visit(document, {
    Pair(_, pair) {
      const key = keyOf(pair);
      if (key === undefined) return;
      for (const scalar of pathsOf(pair)) {
        const path = scalar.value;
        const span = scalar.range;
        if (typeof path !== 'string' || path === '' || !span) continue;
        const relocation = relocate({ key, path });
        if (relocation.kind === 'kept') continue;
        const lines = text.slice(span[0], span[1]).split('\n').length - 1;
        edits.push({ start: span[0], end: span[1], text: JSON.stringify(relocation.to) + '\n'.repeat(lines) });
      }
    },
  });
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

function keyOf(pair: Pair): string | undefined {
  const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined;
  return key !== undefined && PATH_KEY.test(key) && !NOT_READ.has(key) ? key : undefined;
}

function pathsOf(pair: Pair): Scalar[] {
  if (isScalar(pair.value)) return [pair.value];
  return isSeq(pair.value) ? pair.value.items.filter((item) => isScalar(item)) : [];
}
