import {
  booleanInput,
  commonOutputs,
  defineInputs,
  defineOutputs,
  integerInput,
  textInput,
  type ActionContext,
} from '@obsgate/action-kit';
import { credentialInputs, sealKeyInput } from '../github-inputs.ts';

export const inputs = defineInputs({
  ...credentialInputs,
  ...sealKeyInput,
  pr: {
    description: 'Number of the merged pull request.',
    required: true,
    schema: integerInput({ min: 1 }),
  },
  'merge-sha': {
    description: 'The commit that it was merged as, in full; of a rebase the last one. Another commit is refused.',
    required: true,
    schema: textInput(),
  },
  reason: {
    description: 'Why, in one line: shown as it is in comments and in the incident.',
    default: 'asked for by hand',
    schema: textInput(),
  },
  scenario: {
    description: 'Scenario that it was merged under, from the breach; it rests after the rollback.',
    schema: textInput(),
  },
  verdict: {
    description: "Digest of the verdict that asks for it, from the watch's `breaches`.",
    schema: textInput(),
  },
  'dry-run': {
    description: 'Shadow mode: decide and print the plan; change nothing.',
    default: 'false',
    schema: booleanInput(),
  },
});

export const outputs = defineOutputs({
  ...commonOutputs,
  'revert-pr': { description: 'Number of the pull request that reverts.' },
  'revert-sha': { description: 'The commit on the base branch that took the merge back.' },
  recovered: { description: '`true`, `false`, or `unconfirmed` when no data say so.' },
});

export type Context = ActionContext<typeof inputs, typeof outputs>;
