import type { Recording } from '../recordings.ts';
import type { Prepare } from './prepare.ts';
import {
  createBranch,
  createFile,
  isJson,
  prepareBy,
  records,
  shaOfBranch,
  text,
  type Json,
  type Stage,
} from './stage.ts';

const pull = '/repos/{owner}/{repo}/pulls/{pull_number}';
const nowhere = '0123456789012345678901234567890123456789';

export const pullPreparations: Readonly<Record<string, Prepare>> = {
  [`GET ${pull}`]: async (stage, recording) => {
    const at = await openPull(stage, recording);
    if (isJson(recording.resBody) && recording.resBody['merged'] === true) await prepareBy(stage, 'PUT', `${at}/merge`);
    else if (isJson(recording.resBody) && recording.resBody['state'] === 'closed')
      await prepareBy(stage, 'PATCH', at, { state: 'closed' });
    return { path: stage.at + at };
  },

  [`PATCH ${pull}`]: async (stage, recording) => {
    const at = await openPull(stage, recording);
    const wanted = isJson(recording.reqBody) ? recording.reqBody['base'] : undefined;
    if (typeof wanted === 'string' && recording.status === 200) await createBranch(stage, wanted);
    return { path: stage.at + at, body: recording.reqBody };
  },

  [`PUT ${pull}/merge`]: async (stage, recording) => ({
    path: `${stage.at}${await openPull(stage, recording)}/merge`,
    body: recording.reqBody,
  }),

  [`PUT ${pull}/update-branch`]: async (stage, recording) => {
    const at = await openPull(stage, recording);
    await createFile(stage, 'meanwhile.md', 'main');
    const expected_head_sha = recording.status === 422 ? nowhere : await shaOfBranch(stage, 'topic');
    return { path: `${stage.at}${at}/update-branch`, body: { expected_head_sha } };
  },

  [`GET ${pull}/reviews`]: async (stage, recording) => {
    const at = await openPull(stage, recording);
    for (const review of records(recording.resBody)) {
      const event = review['state'] === 'APPROVED' ? 'APPROVE' : 'COMMENT';
      await prepareBy(stage, 'POST', `${at}/reviews`, { event, body: 'Reviewed' }, 'app');
    }
    return { path: `${stage.at}${at}/reviews` };
  },

  [`POST ${pull}/reviews`]: async (stage, recording) => ({
    path: `${stage.at}${await openPull(stage, recording)}/reviews`,
    body: recording.reqBody,
  }),
};

/** A pull request of branch `topic`, which changes README.md, with the assignee, labels and draft state that were recorded. */
async function openPull(stage: Stage, { resBody }: Recording): Promise<string> {
  const recorded: Json = isJson(resBody) ? resBody : {};
  await createBranch(stage, 'topic');
  const readme = await prepareBy(stage, 'GET', '/contents/README.md');
  const content = Buffer.from('first\nsecond\nthird\nfourth\n').toString('base64');
  await prepareBy(stage, 'PUT', '/contents/README.md', {
    message: 'Change',
    content,
    branch: 'topic',
    sha: readme['sha'],
  });
  const body = {
    title: 'Recorded',
    body: 'As recorded',
    head: 'topic',
    base: 'main',
    draft: recorded['draft'] === true,
  };
  const opened = await prepareBy(stage, 'POST', '/pulls', body);
  const number = text(opened['number']);
  const labels = records(recorded['labels']).map(({ name }) => text(name));
  if (labels.length > 0) await prepareBy(stage, 'POST', `/issues/${number}/labels`, { labels });
  if (records(recorded['assignees']).length > 0)
    await prepareBy(stage, 'POST', `/issues/${number}/assignees`, { assignees: ['dev'] });
  return `/pulls/${number}`;
}
