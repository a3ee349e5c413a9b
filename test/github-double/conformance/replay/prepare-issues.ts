import type { Prepare } from './prepare.ts';
import { isJson, prepareBy, records, text, type Stage } from './stage.ts';

const repository = '/repos/{owner}/{repo}';

export const issuePreparations: Readonly<Record<string, Prepare>> = {
  [`GET ${repository}/issues/{issue_number}/comments`]: async (stage, { resBody }) => {
    const at = await createIssue(stage);
    for (const { body } of records(resBody)) await prepareBy(stage, 'POST', `${at}/comments`, { body: text(body) });
    return { path: `${stage.at}${at}/comments` };
  },

  [`POST ${repository}/issues/{issue_number}/comments`]: async (stage, { reqBody }) => ({
    path: `${stage.at}${await createIssue(stage)}/comments`,
    body: reqBody,
  }),

  [`POST ${repository}/issues/{issue_number}/labels`]: async (stage, { reqBody, resBody }) => {
    const added = new Set(isJson(reqBody) && Array.isArray(reqBody['labels']) ? reqBody['labels'] : []);
    const before = records(resBody)
      .map(({ name }) => text(name))
      .filter((name) => !added.has(name));
    const at = await createIssue(stage, before);
    return { path: `${stage.at}${at}/labels`, body: reqBody };
  },

  [`DELETE ${repository}/issues/{issue_number}/labels/{name}`]: async (stage, { path, status, resBody }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const left = records(resBody).map((label) => text(label['name']));
    const at = await createIssue(stage, status === 404 ? ['other'] : [...left, name]);
    return { path: `${stage.at}${at}/labels/${name}` };
  },

  [`GET ${repository}/labels`]: async (stage, { resBody }) => {
    for (const label of records(resBody)) {
      await createLabel(stage, text(label['name']), label['color'], label['description']);
    }
    return {};
  },
  [`POST ${repository}/labels`]: async (_stage, { reqBody }) => ({ body: reqBody }),
  [`GET ${repository}/labels/{name}`]: async (stage, { status, resBody }) => {
    if (status !== 404 && isJson(resBody)) {
      await createLabel(stage, text(resBody['name']), resBody['color'], resBody['description']);
    }
    return {};
  },
  [`PATCH ${repository}/labels/{name}`]: async (stage, { path, reqBody }) => {
    await createLabel(stage, path.slice(path.lastIndexOf('/') + 1));
    return { body: reqBody };
  },
  [`DELETE ${repository}/labels/{name}`]: async (stage, { path }) => {
    await createLabel(stage, path.slice(path.lastIndexOf('/') + 1));
    return {};
  },
};

async function createIssue(stage: Stage, labels: readonly string[] = []): Promise<string> {
  for (const label of labels) await createLabel(stage, label);
  const issue = await prepareBy(stage, 'POST', '/issues', { title: 'Recorded', labels });
  return `/issues/${text(issue['number'])}`;
}

async function createLabel(
  stage: Stage,
  name: string,
  color: unknown = 'ededed',
  description: unknown = '',
): Promise<void> {
  await prepareBy(stage, 'POST', '/labels', { name, color, description: description ?? '' });
}
