import type { Recording } from '../recordings.ts';
import type { Prepare, Prepared } from './prepare.ts';
import { prepareBy, type Stage } from './stage.ts';

const protection = '/repos/{owner}/{repo}/branches/{branch}/protection';
const at = '/branches/main/protection';

export const protectionPreparations: Readonly<Record<string, Prepare>> = {
  [`PUT ${protection}`]: async (_stage, { reqBody }) => ({ body: reqBody }),
  [`GET ${protection}`]: protect,
  [`DELETE ${protection}`]: protect,
  [`GET ${protection}/required_signatures`]: protect,
  [`POST ${protection}/required_signatures`]: protect,
  [`DELETE ${protection}/required_signatures`]: async (stage, recording, all) => {
    await protect(stage, recording, all);
    await prepareBy(stage, 'POST', `${at}/required_signatures`);
    return {};
  },
};

/** As the same recorded test protected the branch before. */
async function protect(stage: Stage, recording: Recording, all: readonly Recording[]): Promise<Prepared> {
  const test = recording.src.split('/mappings/')[0];
  const earlier = all.find(({ src, method }) => method === 'PUT' && src.split('/mappings/')[0] === test);
  if (earlier === undefined) throw new Error(`preparing: ${recording.src} has no recording that protects the branch`);
  await prepareBy(stage, 'PUT', at, earlier.reqBody);
  return {};
}
