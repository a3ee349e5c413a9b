import { booleanInput, commonInputs, commonOutputs, defineAction } from '@obsgate/action-kit';
import { crossCheckInput, toolInputs } from '../gate-inputs.ts';

export const action = defineAction({
  name: 'promtool-check',
  description: 'Checks Prometheus configuration and rules with promtool, of one or more versions.',
  branding: { icon: 'check-square', color: 'orange' },
  inputs: {
    ...commonInputs,
    ...toolInputs,
    ...crossCheckInput,
    'lint-fatal': {
      description: "Let findings of promtool's own linter fail the stage. Duplicates always do.",
      schema: booleanInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    files: { description: 'Number of rule files checked.' },
    rules: { description: 'Number of rules checked.' },
  },
  async main(context): Promise<number> {
    const { runGateAction } = await import('../gate-run.ts');
    const { inputs } = context;
    const options = {
      stages: ['promtool-check'],
      prometheusVersion: inputs['prometheus-version'],
      promtoolPath: inputs['promtool-path'],
      allowVersionDrift: inputs['allow-version-drift'],
      crossCheck: inputs['cross-check'],
      lintFatal: inputs['lint-fatal'],
    } as const;
    return runGateAction({ name: action.name, outputs: action.outputs, inputs, options }, context);
  },
});
