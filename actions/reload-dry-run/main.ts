import { choiceInput, commonInputs, commonOutputs, defineAction, textInput, urlInput } from '@obsgate/action-kit';
import { crossCheckInput, toolInputs } from '../gate-inputs.ts';

export const action = defineAction({
  name: 'reload-dry-run',
  description: 'Boots a real Prometheus, reloads it to the changed configuration, and proves the reload.',
  branding: { icon: 'refresh-cw', color: 'orange' },
  inputs: {
    ...commonInputs,
    ...toolInputs,
    ...crossCheckInput,
    'base-ref': {
      description: 'Git ref of the configuration that the reload starts from. Default: an empty configuration.',
      schema: textInput(),
    },
    mode: {
      description: '`sandbox`: a server of our own. `live`: the safe reload of the running server at `prometheus-url`.',
      default: 'sandbox',
      schema: choiceInput(['sandbox', 'live']),
    },
    'prometheus-url': {
      description: 'The running server, for `mode: live`.',
      schema: urlInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    groups: { description: 'Number of rule groups the server shows after the reload.' },
    rules: { description: 'Number of rules the server shows after the reload.' },
  },
  async main(context): Promise<number> {
    const { runGateAction } = await import('../gate-run.ts');
    const { inputs } = context;
    const options = {
      stages: ['reload-dry-run'],
      prometheusVersion: inputs['prometheus-version'],
      promtoolPath: inputs['promtool-path'],
      allowVersionDrift: inputs['allow-version-drift'],
      crossCheck: inputs['cross-check'],
      baseRef: inputs['base-ref'],
      reloadMode: inputs.mode,
      prometheusUrl: inputs['prometheus-url']?.href,
    } as const;
    return runGateAction({ name: action.name, outputs: action.outputs, inputs, options }, context);
  },
});
