import type { ChangedFile, FileSide } from './changed-file.ts';
import { rulepackSchema, type Rulepack } from './schema.ts';

/** A scenario from what a user would write. */
export function pack(written: Record<string, unknown>): Rulepack {
  const parsed = rulepackSchema.parse({ scenario: 'sample', allow_paths: ['**'], ...written });
  return { ...parsed, file: `rulepack/${parsed.scenario}.yml` };
}

function side(text: string | null, mode: string): FileSide | null {
  return text === null ? null : { mode, content: { kind: 'text', text } };
}

/** A changed text file; `before` null: it is new; `after` null: it goes. */
export function changed(path: string, before: string | null, after: string | null, mode = '100644'): ChangedFile {
  const status = before === null ? 'added' : after === null ? 'removed' : 'modified';
  return { path, status, additions: 1, deletions: 0, before: side(before, '100644'), after: side(after, mode) };
}

/** A new text file. */
export function added(path: string, text = 'text\n', mode = '100644'): ChangedFile {
  return changed(path, null, text, mode);
}

/** A file that got another name and nothing else. */
export function renamed(previousPath: string, path: string): ChangedFile {
  return { ...changed(path, 'text\n', 'text\n'), status: 'renamed', previousPath };
}
