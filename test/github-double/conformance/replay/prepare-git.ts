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

const repository = '/repos/{owner}/{repo}';

export const gitPreparations: Readonly<Record<string, Prepare>> = {
  [`POST ${repository}/git/refs`]: async (stage, { reqBody }) => ({
    body: { ...(isJson(reqBody) && reqBody), sha: await shaOfBranch(stage, 'main') },
  }),

  [`PATCH ${repository}/git/refs/{ref}`]: async (stage, { reqBody, path }) => {
    const sha = await shaOfBranch(stage, 'main');
    const branch = path.slice(path.indexOf('/refs/heads/') + '/refs/heads/'.length);
    await createBranch(stage, branch);
    await createFile(stage, 'newer.md', branch);
    return { body: { ...(isJson(reqBody) && reqBody), sha } };
  },

  [`GET ${repository}/git/matching-refs/{ref}`]: async (stage, { resBody }) => {
    for (const { ref } of records(resBody)) await createRef(stage, text(ref));
    return {};
  },

  [`GET ${repository}/git/trees/{tree_sha}`]: async (stage, { resBody, path }) => {
    const tree = await createTree(stage, isJson(resBody) ? resBody : {});
    // The recording left out `?recursive=1`; only a recursive listing has paths with slashes.
    const recursive = path.endsWith('/main') ? '?recursive=1' : '';
    return { path: `${stage.at}/git/trees/${tree}${recursive}` };
  },

  [`POST ${repository}/git/trees`]: async (_stage, { reqBody }) => ({ body: reqBody }),

  [`POST ${repository}/git/commits`]: async (stage, { reqBody }) => {
    const { sha } = await prepareBy(stage, 'POST', '/git/trees', {
      tree: [{ path: 'a', mode: '100644', type: 'blob', content: '' }],
    });
    return { body: { ...(isJson(reqBody) && reqBody), tree: sha } };
  },

  [`POST ${repository}/merges`]: async (stage, { reqBody, status }) => {
    const body: Json = isJson(reqBody) ? reqBody : {};
    const base = text(body['base']);
    if (base !== 'main') await createBranch(stage, base);
    if (status === 204) return { body: { ...body, head: await shaOfBranch(stage, base) } };
    await createBranch(stage, 'testBranch2');
    await createFile(stage, 'theirs.md', 'testBranch2');
    await createFile(stage, 'ours.md', base);
    const head = body['head'] === 'testBranch2' ? 'testBranch2' : await shaOfBranch(stage, 'testBranch2');
    return { body: { ...body, head } };
  },
};

async function createRef(stage: Stage, ref: string): Promise<void> {
  if (ref !== 'refs/heads/main')
    await prepareBy(stage, 'POST', '/git/refs', { ref, sha: await shaOfBranch(stage, 'main') });
}

/** A tree with an entry of each kind that the recorded one begins with. */
async function createTree(stage: Stage, recorded: Json): Promise<string> {
  const entries = records(recorded['tree']).slice(0, 40);
  const tree = entries
    .filter(({ type, mode }) => type === 'blob' && mode !== '120000')
    .map(({ path, mode }) => ({ path, mode, type: 'blob', content: `${text(path)}\n` }));
  const made = await prepareBy(stage, 'POST', '/git/trees', { tree });
  return text(made['sha']);
}
