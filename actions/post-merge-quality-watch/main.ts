import { defineAction } from '@obsgate/action-kit';
import { inputs, outputs } from './definition.ts';

export const action = defineAction({
  name: 'post-merge-quality-watch',
  description: 'Judges the time after each merge against the SLOs, and hands what the data prove to the rollback.',
  branding: { icon: 'activity', color: 'purple' },
  inputs,
  outputs,
  async main(context): Promise<number> {
    const { postMergeQualityWatch } = await import('./run.ts');
    return postMergeQualityWatch(context);
  },
});
