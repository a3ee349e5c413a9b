/** Node ids are opaque to clients; here they are a readable kind and a key, so that `node(id:)` can find the object. */
export function nodeId(kind: string, key: string | number): string {
  return `${kind}_${Buffer.from(String(key)).toString('base64url')}`;
}

export function parseNodeId(id: string): { readonly kind: string; readonly key: string } | null {
  const match = /^([A-Za-z]+)_([A-Za-z0-9_-]+)$/.exec(id);
  if (!match?.[1] || !match[2]) return null;
  return { kind: match[1], key: Buffer.from(match[2], 'base64url').toString() };
}
