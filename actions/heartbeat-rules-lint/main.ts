import * as z from 'zod';
import { booleanInput, commonInputs, commonOutputs, defineAction, textInput } from '@obsgate/action-kit';

export const action = defineAction({
  name: 'heartbeat-rules-lint',
  description: 'Lints Prometheus rules, heartbeats above all: windows, fallbacks, order, missing alerts.',
  branding: { icon: 'heart', color: 'orange' },
  inputs: {
    ...commonInputs,
    'changed-only': {
      description: 'Only findings that lines changed since `base-ref` can have caused.',
      default: 'false',
      schema: booleanInput(),
    },
    'base-ref': {
      description: 'Git ref that changed lines are counted from. Default: the base of the pull request.',
      schema: textInput(),
    },
    baseline: {
      description: "File of accepted findings. Default: the configuration's.",
      schema: textInput(),
    },
    sarif: {
      description: 'File to write a SARIF report to, relative to the workspace, for code scanning.',
      schema: textInput(),
    },
  },
  outputs: {
    ...commonOutputs,
    findings: { description: 'Number of findings.' },
  },
  async main(context): Promise<number> {
    const { runGateAction, workspacePath } = await import('../gate-run.ts');
    const { writeReportFile } = await import('../report-file.ts');
    const { inputs, env } = context;
    const { sarif, baseline } = inputs;
    const options = {
      stages: ['heartbeat-rules-lint'],
      changedOnly: inputs['changed-only'],
      baseRef: inputs['base-ref'] ?? (inputs['changed-only'] ? await pullRequestBase() : undefined),
      baseline,
    } as const;
    const target = sarif === undefined ? undefined : workspacePath(sarif, 'sarif', env);
    const write = target === undefined ? {} : { write: writeReportFile('sarif', target) };
    return runGateAction({ name: action.name, outputs: action.outputs, inputs, options, ...write }, context);
  },
});

const baseSchema = z.object({ pull_request: z.object({ base: z.object({ sha: z.string() }) }) });

/** The base commit of the pull request that the job runs for, from its event. */
async function pullRequestBase(): Promise<string | undefined> {
  const { context } = await import('@actions/github');
  return baseSchema.safeParse(context.payload).data?.pull_request.base.sha;
}
