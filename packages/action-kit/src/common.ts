import { textInput } from './input-schemas.ts';
import { defineInputs } from './inputs.ts';
import { defineOutputs } from './outputs.ts';

/** Inputs that every action has. */
export const commonInputs = defineInputs({
  config: {
    description: 'Configuration file, relative to `working-directory`. Default: `.obsgate.yml` where it exists.',
    schema: textInput(),
  },
  'working-directory': {
    description: 'Folder of the repository that is worked on, relative to the workspace.',
    default: '.',
    schema: textInput(),
  },
});

/** For actions that call GitHub. */
export const tokenInput = defineInputs({
  'github-token': {
    description: 'Token for GitHub; what it must be allowed to do is in the README.',
    default: '${{ github.token }}',
    schema: textInput(),
    secret: true,
  },
});

/** Outputs that every action has. */
export const commonOutputs = defineOutputs({
  outcome: { description: '`pass`, `fail`, `hold`, `breach` or `error`.' },
  report: { description: 'Path of the JSON report.' },
  'reason-codes': { description: 'JSON array of the reason codes, without repetitions.' },
});
