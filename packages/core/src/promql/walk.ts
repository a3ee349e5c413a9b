import type { PromqlNode, Selector } from './model.ts';

/** The operands of a node, from left to right. */
export function childrenOf(node: PromqlNode): readonly PromqlNode[] {
  if ('args' in node) return node.args;
  if ('of' in node) return [node.of];
  return node.kind === 'binary' ? [node.left, node.right] : [];
}

/**
 * Visits `node` and everything below it, parents first, left to right.
 * `ancestors` are those of the visited node, the root first; the array is reused, so copy it to keep it.
 * Returning `'skip'` leaves out what is below the visited node.
 */
export function walk(
  node: PromqlNode,
  visit: (node: PromqlNode, ancestors: readonly PromqlNode[]) => void | 'skip',
): void {
  const ancestors: PromqlNode[] = [];
  const go = (current: PromqlNode): void => {
    if (visit(current, ancestors) === 'skip') return;
    ancestors.push(current);
    for (const child of childrenOf(current)) go(child);
    ancestors.pop();
  };
  go(node);
}

/** Every selector of the expression, from left to right. */
export function selectorsOf(root: PromqlNode): Selector[] {
  const found: Selector[] = [];
  walk(root, (node) => {
    if (node.kind === 'selector') found.push(node);
  });
  return found;
}

/** The expression inside any parentheses. */
export function unparenthesized(node: PromqlNode): PromqlNode {
  let current = node;
  while (current.kind === 'paren') current = current.of;
  return current;
}
