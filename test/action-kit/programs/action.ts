// A whole action over the runner's files: reads inputs and state, writes outputs, state and summary.
import {
  booleanInput,
  commonInputs,
  commonOutputs,
  defineAction,
  readState,
  runAction,
  runActionPost,
  saveState,
  textInput,
  writeSummary,
} from '@obsgate/action-kit';

const definition = defineAction({
  name: 'sample',
  description: 'An action for tests.',
  branding: { icon: 'check', color: 'green' },
  inputs: {
    ...commonInputs,
    token: { description: 'A token.', required: true, schema: textInput(), secret: true },
    loud: { description: 'Says more.', default: 'false', schema: booleanInput() },
  },
  outputs: { ...commonOutputs, breaches: { description: 'JSON.' } },
  async main({ inputs, setOutputs }) {
    await saveState({ lease: 'a\nb' });
    await setOutputs({ outcome: inputs.loud ? 'fail' : 'pass', breaches: [{ slo: 'errors' }] });
    await writeSummary('## Summary\n');
    return inputs.loud ? 1 : 0;
  },
  async post({ env }) {
    process.stdout.write(`lease: ${readState('lease', env) ?? 'none'}\n`);
    return { kind: 'done' };
  },
});

await (process.argv[2] === 'post' ? runActionPost(definition) : runAction(definition));
