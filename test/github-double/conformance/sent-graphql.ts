import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A GraphQL document in the sources. */
export type SentDocument = { readonly file: string; readonly line: number; readonly document: string };

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every GraphQL operation that the packages and actions send, found as text: `.graphql` files and string literals. */
export function sentDocuments(): readonly SentDocument[] {
  const files = ['packages/github/src', 'packages/action-kit/src', 'packages/cli/src', 'actions'].flatMap(listFiles);
  const exported = listFiles('packages/core/src').flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const own = constantsIn(text, 'const');
    return [...constantsIn(text, 'export const')].map(([name, value]) => [name, filled(value, own)] as const);
  });
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    if (file.endsWith('.graphql')) return [{ file, line: 1, document: text }];
    return documentsIn(file, text, new Map(exported));
  });
}

/**
 * String literals that begin as a GraphQL operation. `${name}` of a constant string in the same file, or of an
 * `exported` one, is filled in; any other stays as it is and does not parse, so that a document nobody can check does
 * not pass.
 */
export function documentsIn(
  file: string,
  source: string,
  exported: ReadonlyMap<string, string> = new Map(),
): readonly SentDocument[] {
  const constants = new Map([...exported, ...constantsIn(source, 'const')]);
  return [...source.matchAll(/(['"`])(\s*(?:query|mutation)(?:\s+\w+)?\s*(?:\([^)]*\)\s*)?\{[\s\S]*?)\1/gu)].map(
    (match) => ({
      file,
      line: source.slice(0, match.index).split('\n').length,
      document: filled(filled(match[2] ?? '', constants), constants),
    }),
  );
}

function filled(text: string, constants: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{(\w+)\}/gu, (whole, name: string) => constants.get(name) ?? whole);
}

/** Constant strings by name, such as fragments that several documents share. */
function constantsIn(source: string, keyword: 'const' | 'export const'): ReadonlyMap<string, string> {
  const pattern = new RegExp(`\\b${keyword} (\\w+)(?:: string)? =\\s*(['"\`])([\\s\\S]*?)\\2;`, 'gu');
  return new Map([...source.matchAll(pattern)].map((match) => [match[1] ?? '', match[3] ?? '']));
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.(ts|graphql)$/u.test(name) && !/\.(test|d)\.ts$|\/(node_modules|lib)\//u.test(name));
}
