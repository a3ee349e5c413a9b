import type { Recording } from '../recordings.ts';
import type { Prepare, Prepared } from './prepare.ts';
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

const route = '/repos/{owner}/{repo}/contents/{path}';

export const contentPreparations: Readonly<Record<string, Prepare>> = {
  [`GET ${route}`]: async (stage, recording) => {
    if (recording.status === 404) return {};
    if (Array.isArray(recording.resBody)) {
      for (const entry of records(recording.resBody)) await createEntry(stage, entry);
    } else if (isJson(recording.resBody)) {
      await createEntry(stage, recording.resBody);
    }
    return {};
  },
  [`PUT ${route}`]: write,
  [`DELETE ${route}`]: write,
};

async function write(stage: Stage, recording: Recording): Promise<Prepared> {
  const body: Json = isJson(recording.reqBody) ? recording.reqBody : {};
  const branch = (typeof body['branch'] === 'string' ? body['branch'] : 'main').replace(/^refs\/heads\//u, '');
  if (branch !== 'main') await createBranch(stage, branch);
  if (recording.status === 201) return { body };
  const sha = await createFile(stage, pathOf(recording), branch);
  return { body: { ...body, sha } };
}

async function createEntry(stage: Stage, entry: Json): Promise<void> {
  const path = text(entry['path']);
  if (entry['type'] === 'file') await createFile(stage, path, 'main');
  else if (entry['type'] === 'symlink') await createSymlink(stage, path, text(entry['target'] ?? 'README.md'));
  else if (entry['type'] === 'dir') await createFile(stage, `${path}/inside`, 'main');
  else throw new Error(`preparing: no way to make a ${text(entry['type'])}`);
}

/** The contents API writes plain files only. */
async function createSymlink(stage: Stage, path: string, target: string): Promise<void> {
  const main = await shaOfBranch(stage, 'main');
  const base = await prepareBy(stage, 'GET', `/git/commits/${main}`);
  const entry = { path, mode: '120000', type: 'blob', content: target };
  const base_tree = text(isJson(base['tree']) ? base['tree']['sha'] : undefined);
  const tree = await prepareBy(stage, 'POST', '/git/trees', { base_tree, tree: [entry] });
  const commit = await prepareBy(stage, 'POST', '/git/commits', {
    message: 'Link',
    tree: tree['sha'],
    parents: [main],
  });
  await prepareBy(stage, 'PATCH', '/git/refs/heads/main', { sha: commit['sha'] });
}

function pathOf({ path }: Recording): string {
  return decodeURIComponent(path.slice(path.indexOf('/contents/') + '/contents/'.length));
}
