import { isAlias, isMap, isScalar, isSeq, Scalar, type Document } from 'yaml';

/** Plain scalars that mean the same inside of brackets. */
const SAFE = /^[\w.+-]+$/;

/**
 * A node as YAML on one line. Plain scalars keep their spelling: promtool reads `0.10` and `010` as those very texts
 * where it wants a text (the value of a label), and `yes` as true where it wants a truth value.
 * Aliases are written out, so the document must have been checked against those that expand without bound.
 */
export function flowText(node: unknown, document: Document): string {
  if (isAlias(node)) return flowText(node.resolve(document), document);
  if (isSeq(node)) return `[${node.items.map((item) => flowText(item, document)).join(', ')}]`;
  if (isMap(node)) {
    const pairs = node.items.map(({ key, value }) => `${keyText(key, document)}: ${flowText(value, document)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (!isScalar(node) || node.value === null) return 'null';
  const { source, type, tag, value } = node;
  if (type === Scalar.PLAIN && tag === undefined && source !== undefined && SAFE.test(source)) return source;
  return quoted(typeof value === 'string' ? value : (source ?? ''));
}

function keyText(key: unknown, document: Document): string {
  // A merge key must not be quoted, or it would be a key of that name.
  return isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<' ? '<<' : flowText(key, document);
}

/** JSON's strings are YAML's, but for what YAML does not print. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
