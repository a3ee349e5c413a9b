import {
  booleanInput,
  commonInputs,
  commonOutputs,
  defineInputs,
  defineOutputs,
  integerInput,
  type ActionContext,
} from '@obsgate/action-kit';
import { credentialInputs, sealKeyInput } from '../github-inputs.ts';

export const inputs = defineInputs({
  config: commonInputs.config,
  ...credentialInputs,
  ...sealKeyInput,
  pr: {
    description: "Number of the pull request. Default: the event's.",
    schema: integerInput({ min: 1 }),
  },
  'dry-run': {
    description: 'Decide and print the plan; change nothing.',
    default: 'false',
    schema: booleanInput(),
  },
});

export const outputs = defineOutputs({
  ...commonOutputs,
  merged: { description: '`true` when this run merged the pull request.' },
  sha: { description: 'The commit on the base branch.' },
  rung: { description: '`plain`, `existing-bypass`, `add-bypass` or `lower-field`.' },
  'window-ms': { description: 'Milliseconds for which protection was relaxed.' },
  snapshot: { description: 'Folder with the protection before, after, and their difference.' },
});

export type Context = ActionContext<typeof inputs, typeof outputs>;
