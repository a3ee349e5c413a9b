import { isNode } from 'yaml';
import { parseYamlDocument } from '../input/index.ts';
import { rangeBetween, sourceText, type Range } from '../kernel/index.ts';

/** Where the value at `keys` is written in a settings file; undefined when it is not, so that its default holds. */
export function rangeOfKey(path: string, text: string, keys: readonly string[]): Range | undefined {
  const source = sourceText(path, text.replace(/^\uFEFF/, ''));
  const node: unknown = parseYamlDocument(source.text).getIn(keys, true);
  return isNode(node) && node.range ? rangeBetween(source, node.range[0], node.range[1]) : undefined;
}
