import type { Finding } from '../../kernel/index.ts';
import type { FileVerdict, PromtoolMessage } from '../../promtool/index.ts';
import { hidesRules } from '../../lint/index.ts';

/** promtool's words for what the loader of rule files finds too, with its exact place. */
const FOUND_BY_LOADER = /must be set|must not be empty|invalid field|is repeated in the same file/;

/** What the loader found in a file and promtool says too. */
export type ToldTwice = {
  /** The loader's finding. */
  readonly finding: Finding;
  /** promtool's messages that say the same. */
  readonly messages: ReadonlySet<PromtoolMessage>;
};

/**
 * Which of promtool's messages on a file only say once more what the loader found there. promtool reads no further
 * than to the first mistake of the YAML, and tells its line at best.
 *
 * @param loaded - The loader's findings of that file.
 */
export function toldTwice({ messages }: FileVerdict, loaded: readonly Finding[]): ToldTwice | undefined {
  const own = loaded.filter((item) => hidesRules(item) || item.rule === 'rules/duplicate-group');
  const same = messages.filter(
    ({ kind, message }) => kind === 'yaml' || (kind === 'rule' && FOUND_BY_LOADER.test(message)),
  );
  const lines = new Set(same.map(({ line }) => line));
  const nearest = own.find(({ range }) => lines.has(range?.line)) ?? own[0];
  return nearest === undefined || same.length === 0 ? undefined : { finding: nearest, messages: new Set(same) };
}

/** The loader's finding with promtool's verdict. */
export function withVerdict({ finding, messages }: ToldTwice, version: string): Finding {
  const [first, ...more] = messages;
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return { ...finding, message: `${finding.message} [promtool ${version}: ${first?.message ?? ''}${rest}]` };
}
