import type { RepositoryFiles } from '@obsgate/core/gate';
import { sourceText, type SourceText } from '@obsgate/core/kernel';

/** Reads through to `files`, and remembers every text for the code frames of the report. */
export function rememberSources(files: RepositoryFiles): {
  readonly files: RepositoryFiles;
  readonly sources: (path: string) => SourceText | undefined;
} {
  const texts = new Map<string, string>();
  const lineTables = new Map<string, SourceText>();
  let listed: Promise<readonly string[]> | undefined;
  return {
    files: {
      list: () => (listed ??= files.list()),
      async read(path) {
        const result = await files.read(path);
        if (result.kind === 'text') texts.set(path, result.text);
        return result;
      },
    },
    sources(path) {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      const known = lineTables.get(path) ?? sourceText(path, text.replace(/^\uFEFF/, ''));
      lineTables.set(path, known);
      return known;
    },
  };
}
