import { defineAction } from '@obsgate/action-kit';
import { inputs, outputs } from './definition.ts';

export const action = defineAction({
  name: 'auto-rollback',
  description: 'Takes a merge back whose breach the data prove: to the very tree from before it, once, and on record.',
  branding: { icon: 'rotate-ccw', color: 'red' },
  inputs,
  outputs,
  async main(context): Promise<number> {
    const { autoRollback } = await import('./run.ts');
    return autoRollback(context);
  },
  async post(context) {
    const { finishLeftovers } = await import('./post.ts');
    return finishLeftovers(context);
  },
});
