import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { randomUUID } from 'node:crypto';
import { actionYaml, commonInputs, commonOutputs, textInput } from '@obsgate/action-kit';
import { validate } from './language-service.ts';
import { actionPaths, readText, readWorkflow, workflowPaths, type Step } from './workflow-files.ts';

function stepsOf(path: string): Step[] {
  return Object.values(readWorkflow(path).jobs).flatMap((job) => job.steps);
}

/** GitHub's own validator, which also holds the inputs of `$/actions/x` against that action's action.yml. */
async function diagnostics(path: string, text: string, read: (path: string) => string = readText): Promise<string[]> {
  // The validator remembers documents by their address: each gets one of its own.
  const document = TextDocument.create(`file:///${randomUUID()}/${path}`, 'yaml', 1, text);
  const found = await validate(document, {
    fileProvider: {
      async getFileContent(reference) {
        const file = 'repository' in reference ? undefined : reference.path;
        if (file === undefined) throw new Error('not in this repository');
        return { name: file, content: read(file) };
      },
    },
  });
  return found.map(
    ({ message, range }) => `${path}:${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`,
  );
}

describe('the workflows', () => {
  test.each(workflowPaths())('%s is valid', async (path) => {
    expect(await diagnostics(path, readText(path))).toEqual([]);
  });

  test.each(workflowPaths())('%s gives each job its permissions and a deadline', (path) => {
    const workflow = readWorkflow(path);
    expect(workflow.permissions).toEqual({});
    const jobs = Object.entries(workflow.jobs);
    expect(jobs.filter(([, job]) => job.permissions === undefined).map(([name]) => name)).toEqual([]);
    const local = jobs.filter(([, job]) => job.uses === undefined);
    expect(local.filter(([, job]) => job['timeout-minutes'] === undefined).map(([name]) => name)).toEqual([]);
  });

  test.each(workflowPaths())('%s names actions of its own commit, or foreign ones by SHA', (path) => {
    const uses = stepsOf(path).flatMap((step) => step.uses ?? []);
    expect(uses.filter((name) => !/^\$\/actions\/[a-z-]+$|^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40}$/.test(name))).toEqual([]);
  });

  test.each(workflowPaths())('%s keeps no credentials in its checkouts', (path) => {
    const checkouts = stepsOf(path).filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with['persist-credentials'])).toEqual(checkouts.map(() => false));
  });

  test.each(workflowPaths())('%s expands no expression in a script', (path) => {
    const scripts = stepsOf(path).flatMap((step) => step.run ?? []);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('the validator finds a wrong key', async () => {
    expect(await diagnostics('.github/workflows/x.yml', 'on: push\njobs:\n  a:\n    run-on: x\n')).not.toEqual([]);
  });
});

const metadata = actionYaml({
  name: 'promtool-check',
  description: "Checks the server's rules.",
  branding: { icon: 'check', color: 'green' },
  inputs: { ...commonInputs, realm: { description: 'Realm.', required: true, schema: textInput() } },
  outputs: commonOutputs,
});

test('what is generated from a definition is a valid action, and a wrong one is found', async () => {
  expect(await diagnostics('actions/promtool-check/action.yml', metadata)).toEqual([]);
  const wrong = metadata.replace('using: node24', 'using: node2').replace('color: green', 'color: pink');
  expect(await diagnostics('actions/promtool-check/action.yml', wrong)).toMatchInlineSnapshot(`
    [
      "actions/promtool-check/action.yml:7: Unexpected value 'pink'",
      "actions/promtool-check/action.yml:27: Unexpected value 'node2'",
    ]
  `);
});

test('the validator holds inputs against the action of this repository', async () => {
  const steps = (input: string) =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: $/actions/a\n        with:\n          ${input}: x\n`;
  const found = async (input: string) => diagnostics('.github/workflows/x.yml', steps(input), () => metadata);
  expect(await found('realm')).toEqual([]);
  expect(await found('relm')).toMatchInlineSnapshot(`
    [
      ".github/workflows/x.yml:8: Invalid action input 'relm'",
      ".github/workflows/x.yml:7: Missing required input \`realm\`",
    ]
  `);
});

describe.skipIf(actionPaths().length === 0)('the actions', () => {
  test.each(actionPaths())('%s is valid', async (path) => {
    expect(await diagnostics(path, readText(path))).toEqual([]);
  });
});
