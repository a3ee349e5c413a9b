declare const minted: unique symbol;

/**
 * That a commit takes a merge back exactly: it stands directly on the merge, and its tree is the tree from before the
 * merge. Such a tree was on the branch before, with all checks it had: it need not wait for new ones.
 */
export type RevertProof = {
  readonly [minted]: true;
  readonly pull: number;
  readonly mergeSha: string;
  readonly beforeSha: string;
  /** The commit that the revert stands on, and that the base branch must still be at. */
  readonly baseSha: string;
  readonly revertSha: string;
  readonly tree: string;
};

const genuine = new WeakSet<object>();

/** To be called by the comparison of the trees alone; the layers are checked for that. */
export function mintRevertProof(compared: Omit<RevertProof, typeof minted>): RevertProof {
  const proof = Object.freeze({ ...compared });
  genuine.add(proof);
  // The brand exists for the compiler alone.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return proof as RevertProof;
}

/** Whether the proof was minted here: a look-alike, put together or copied, is not. */
export function isGenuineProof(proof: object): boolean {
  return genuine.has(proof);
}
