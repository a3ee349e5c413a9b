import type { PullPort } from '../merge/index.ts';
import type { RevertProof } from './prove.ts';

/**
 * A proof holds for one commit of the base branch. Until the merge is sent, a branch that has moved on is refused;
 * afterwards it may move, and the tree that landed is compared.
 */
export function onlyOnBase(port: PullPort, proof: RevertProof): PullPort {
  let sent = false;
  return {
    ...port,
    read: async (pull) => {
      const read = await port.read(pull);
      if (sent || read.kind === 'refused' || read.pull.state !== 'open' || read.pull.baseSha === proof.baseSha)
        return read;
      const message = `the base branch moved on to ${read.pull.baseSha}; the revert is proven for ${proof.baseSha}`;
      return { kind: 'refused', reasons: [{ code: 'base_modified', message }] };
    },
    merge: (order) => {
      sent = true;
      return port.merge(order);
    },
  };
}
