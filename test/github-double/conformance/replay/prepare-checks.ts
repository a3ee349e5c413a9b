import type { Prepare } from './prepare.ts';
import { isJson, prepareBy, records, shaOfBranch, text, type Json } from './stage.ts';

const repository = '/repos/{owner}/{repo}';

export const checkPreparations: Readonly<Record<string, Prepare>> = {
  [`POST ${repository}/check-runs`]: async (stage, { reqBody }) => {
    const head_sha = await shaOfBranch(stage, 'main');
    return { body: { ...(isJson(reqBody) && reqBody), head_sha }, as: 'app' };
  },

  [`PATCH ${repository}/check-runs/{check_run_id}`]: async (stage, { reqBody, resBody }) => {
    const head_sha = await shaOfBranch(stage, 'main');
    const before = { name: 'foo', head_sha, ...completion(resBody), ...earlierOutput(resBody) };
    const run = await prepareBy(stage, 'POST', '/check-runs', before, 'app');
    return { path: `${stage.at}/check-runs/${text(run['id'])}`, body: reqBody, as: 'app' };
  },

  [`GET ${repository}/commits/{ref}/check-runs`]: async (stage, { resBody }) => {
    const head_sha = await shaOfBranch(stage, 'main');
    const runs = records(isJson(resBody) ? resBody['check_runs'] : []);
    for (const run of runs) {
      const output = { title: 'Passed', summary: 'Nothing found' };
      const body = { name: run['name'], head_sha, ...completion(run), details_url: 'https://ci.example/1', output };
      await prepareBy(stage, 'POST', '/check-runs', body, 'app');
    }
    return { path: `${stage.at}/commits/${head_sha}/check-runs` };
  },
};

/** A completed run must have a conclusion; the others must not. */
function completion(recorded: unknown): Json {
  if (!isJson(recorded) || recorded['status'] !== 'completed') return { status: 'in_progress' };
  return { status: 'completed', conclusion: recorded['conclusion'] };
}

function earlierOutput(recorded: unknown): Json {
  const output = isJson(recorded) && isJson(recorded['output']) ? recorded['output'] : {};
  return typeof output['title'] === 'string' ? { output: { title: output['title'], summary: 'before' } } : {};
}
