import { isAlias, isCollection, isPair, isScalar, type Alias, type Document, type Node } from 'yaml';
import { finding, rangeBetween, type Finding, type Range, type SourceText } from '../kernel/index.ts';
import type { Piece } from './piece.ts';

/** With every alias written out, a document may hold this many values. Rule files of 10,000 rules hold 150,000. */
const MAX_EXPANDED = 2_000_000;

/** What the aliases of a document stand for. */
export type Anchors = {
  /** The node itself, or for an alias the node it stands for; undefined when there is none. */
  resolve(node: unknown): Node | undefined;
  /** True when writing the aliases out would make too much of it; then nothing may be read through aliases. */
  readonly bomb: boolean;
  readonly findings: readonly Finding[];
};

/**
 * Resolves the aliases of a document in one pass, in document order: an alias means the latest anchor of its name
 * before it. Counts how large the document would be with the aliases written out, without writing them out.
 */
export function anchorsOf(source: SourceText, document: Document, piece: Piece): Anchors {
  const targets = new Map<Alias, Node>();
  const resolve = (node: unknown): Node | undefined => {
    if (isAlias(node)) return targets.get(node);
    return isScalar(node) || isCollection(node) ? node : undefined;
  };
  // The pass is needed only where an anchor or alias may be: both signs are rare outside of PromQL.
  if (!/[*&]/.test(piece.text)) return { resolve, bomb: false, findings: [] };
  const findings: Finding[] = [];
  const anchors = new Map<string, Node>();
  const sizes = new Map<Node, number>();
  const sizeOf = (node: unknown): number => {
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    if (isAlias(node)) return aliasSize(node);
    if (!isScalar(node) && !isCollection(node)) return 0;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    let size = 1;
    if (isCollection(node)) for (const item of node.items) size += sizeOf(item);
    if (node.anchor !== undefined) sizes.set(node, size);
    return size;
  };
  const aliasSize = (alias: Alias): number => {
    const target = anchors.get(alias.source);
    if (target === undefined) findings.push(unknownAnchor(source, alias, rangeOf(source, alias, piece)));
    else if (!sizes.has(target)) findings.push(selfReference(source, alias, rangeOf(source, alias, piece)));
    else targets.set(alias, target);
    return target === undefined ? 1 : (sizes.get(target) ?? 1);
  };
  const total = sizeOf(document.contents);
  const bomb = total > MAX_EXPANDED;
  if (bomb) findings.push(aliasBomb(source, total));
  return { resolve, bomb, findings };
}

function unknownAnchor(source: SourceText, alias: Alias, range: Range): Finding {
  return finding({
    rule: 'rules/unknown-anchor',
    severity: 'error',
    message: `The alias *${alias.source} has no anchor &${alias.source} before it, so Prometheus cannot load the file.`,
    help: `Write &${alias.source} before the value that is meant, above this line.`,
    file: source.path,
    range,
    subject: `alias ${alias.source}`,
  });
}

function selfReference(source: SourceText, alias: Alias, range: Range): Finding {
  return finding({
    rule: 'rules/alias-cycle',
    severity: 'error',
    message: `The alias *${alias.source} stands inside the value it means: the value would contain itself.`,
    help: 'Write the inner value out.',
    file: source.path,
    range,
    subject: `alias ${alias.source}`,
  });
}

function aliasBomb(source: SourceText, total: number): Finding {
  const size = total > 1e9 ? 'more than a thousand million' : String(total);
  return finding({
    rule: 'rules/alias-bomb',
    severity: 'error',
    message: `With its aliases written out the file would hold ${size} values; it is not read.`,
    help: 'Replace nested aliases by the values that are meant.',
    file: source.path,
    range: rangeBetween(source, 0, 0),
    subject: 'aliases',
  });
}

function rangeOf(source: SourceText, alias: Alias, { at }: Piece): Range {
  const [start, end] = alias.range ?? [0, 0];
  return rangeBetween(source, at(start), at(end));
}
