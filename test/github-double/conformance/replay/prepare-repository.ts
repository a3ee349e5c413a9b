import type { Prepare } from './prepare.ts';
import { prepareBy, records, text } from './stage.ts';

const repository = '/repos/{owner}/{repo}';

export const repositoryPreparations: Readonly<Record<string, Prepare>> = {
  // The stage gives the people of the recording their roles; see accounts in open-stage.ts.
  [`GET ${repository}/collaborators/{username}/permission`]: async (_stage, { status }) =>
    status === 403 ? { as: 'outsider' } : {},

  [`GET ${repository}/rules/branches/{branch}`]: async (stage, { resBody }) => {
    const rules = records(resBody).map(({ type, parameters }) => ({
      type: text(type),
      ...(parameters !== undefined && { parameters }),
    }));
    const conditions = { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } };
    await prepareBy(stage, 'POST', '/rulesets', {
      name: 'recorded',
      target: 'branch',
      enforcement: 'active',
      conditions,
      rules,
    });
    return {};
  },
};
