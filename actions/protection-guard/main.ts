import { commonInputs, commonOutputs, defineAction, listInput, textInput } from '@obsgate/action-kit';
import { credentialInputs, sealKeyInput } from '../github-inputs.ts';

export const action = defineAction({
  name: 'protection-guard',
  description: 'Restores branch protection that a run left open, and reports protection that drifted.',
  branding: { icon: 'shield', color: 'green' },
  inputs: {
    config: {
      ...commonInputs.config,
      description: 'Configuration file on the default branch. Default: `.obsgate.yml`.',
    },
    ...credentialInputs,
    ...sealKeyInput,
    baseline: {
      description:
        'Committed protection to compare with, on the default branch. Default: `.obsgate/protection.json` where it exists.',
      schema: textInput(),
    },
    branches: {
      description: 'Branches whose protection goes into the report, by comma. Default: those of the configuration.',
      schema: listInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    restored: { description: 'Number of leases whose protection was open and was restored.' },
    leases: { description: 'Number of leases that still stand.' },
  },
  async main(context): Promise<number> {
    const { runProtectionGuard } = await import('./run.ts');
    return runProtectionGuard(context.inputs, context);
  },
});
