import { commonInputs, commonOutputs, defineAction, durationInput, textInput, urlInput } from '@obsgate/action-kit';
import { toolInputs } from '../gate-inputs.ts';

export const action = defineAction({
  name: 'smoke-query',
  description: 'Asks the smoke queries of a sandbox with replayed heartbeats, or of a given server.',
  branding: { icon: 'search', color: 'orange' },
  inputs: {
    ...commonInputs,
    ...toolInputs,
    'prometheus-url': {
      description: 'Server to ask. Default: a sandbox that has the rules of the repository and replayed heartbeats.',
      schema: urlInput(),
    },
    profile: {
      description: 'Only the queries of this profile.',
      schema: textInput(),
    },
    timeout: {
      description: "Longest time for all queries together. Default: the configuration's.",
      schema: durationInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    passed: { description: 'Number of queries that answered as expected.' },
    failed: { description: 'Number of queries that did not.' },
    missing: { description: 'Number of queries without a result.' },
  },
  async main(context): Promise<number> {
    const { runGateAction } = await import('../gate-run.ts');
    const { inputs } = context;
    const options = {
      stages: ['smoke-query'],
      prometheusVersion: inputs['prometheus-version'],
      promtoolPath: inputs['promtool-path'],
      allowVersionDrift: inputs['allow-version-drift'],
      prometheusUrl: inputs['prometheus-url']?.href,
      smokeProfile: inputs.profile,
      smokeDeadline: inputs.timeout,
    } as const;
    return runGateAction({ name: action.name, outputs: action.outputs, inputs, options }, context);
  },
});
