import { commonInputs, commonOutputs, defineAction, numberInput, textInput } from '@obsgate/action-kit';
import { toolInputs } from '../gate-inputs.ts';

export const action = defineAction({
  name: 'promql-unit',
  description: 'Runs the PromQL unit tests with promtool, and fails those that prove nothing.',
  branding: { icon: 'check-circle', color: 'orange' },
  inputs: {
    ...commonInputs,
    ...toolInputs,
    realm: {
      description: "Value of the realm label, written for `${REALM}`. Default: `REALM`, else the configuration's.",
      schema: textInput(),
    },
    shard: {
      description: '`i/n`: run the i-th of n parts of the tests, for a matrix of jobs.',
      schema: textInput(),
    },
    coverage: {
      description: "Least share of rules that a passing test asserts, percent. Default: the configuration's.",
      schema: numberInput({ min: 0, max: 100 }),
    },
    junit: {
      description: 'File to write a JUnit report to, relative to the workspace.',
      schema: textInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    tests: { description: 'Number of test groups run.' },
    coverage: { description: 'Share of rules that a passing test asserts, percent.' },
  },
  async main(context): Promise<number> {
    const { runGateAction, workspacePath } = await import('../gate-run.ts');
    const { writeReportFile } = await import('../report-file.ts');
    const { inputs, env } = context;
    const { junit } = inputs;
    const options = {
      stages: ['promql-unit'],
      prometheusVersion: inputs['prometheus-version'],
      promtoolPath: inputs['promtool-path'],
      allowVersionDrift: inputs['allow-version-drift'],
      realm: inputs.realm,
      shard: inputs.shard,
      minCoverage: inputs.coverage,
    } as const;
    const target = junit === undefined ? undefined : workspacePath(junit, 'junit', env);
    const write = target === undefined ? {} : { write: writeReportFile('junit', target) };
    return runGateAction({ name: action.name, outputs: action.outputs, inputs, options, ...write }, context);
  },
});
