import { defineAction } from '@obsgate/action-kit';
import { inputs, outputs } from './definition.ts';

export const action = defineAction({
  name: 'auto-relax-merge',
  description: 'Merges a pull request that policy calls safe, relaxing protection no more and no longer than it must.',
  branding: { icon: 'git-merge', color: 'orange' },
  inputs,
  outputs,
  async main(context): Promise<number> {
    const { autoRelaxMerge } = await import('./run.ts');
    return autoRelaxMerge(context);
  },
  async post(context) {
    const { finishLeftovers } = await import('./post.ts');
    return finishLeftovers(context);
  },
});
