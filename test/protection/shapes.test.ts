import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseClassicRest } from '@obsgate/core/protection';
import { protectionPort } from '@obsgate/github/protection';
import type { ProtectionSpec } from '../github-double/index.ts';
import { openStage, type Stage } from './stage.ts';

const RECORDINGS = new URL('../../../shared/recordings/github-rest.jsonl', import.meta.url);

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const rules: readonly (readonly [string, ProtectionSpec])[] = [
  ['nothing but itself', {}],
  ['reviews without lists', { reviews: { count: 0 } }],
  [
    'reviews with lists',
    { reviews: { count: 3, codeOwner: true, dismissal: { users: ['admin'] }, bypass: { apps: ['obsgate'] } } },
  ],
  ['checks of any App and of one', { checks: ['ci', { context: 'a', appId: 15_368 }], strict: true }],
  ['restrictions to nobody', { restrictions: {} }],
  [
    'every switch',
    {
      enforceAdmins: true,
      signatures: true,
      linearHistory: true,
      lockBranch: true,
      allowForkSyncing: true,
      allowForcePushes: true,
      allowDeletions: true,
      blockCreations: true,
      conversationResolution: true,
    },
  ],
];

test.each(rules)('a rule with %s reads the same through REST and through GraphQL', async (_name, spec) => {
  stage.repo.protect('main', spec);
  const { client } = stage.session;
  const read = await protectionPort(client).read('main');
  const rest = await client.send({
    route: 'GET /repos/{owner}/{repo}/branches/{branch}/protection',
    params: { branch: 'main' },
  });
  if (read.kind === 'refused' || rest.kind === 'failed' || read.snapshot.classic === null) throw new Error('unread');
  const { requiredDeployments, forcePushAllowances, ...shared } = read.snapshot.classic;
  expect([requiredDeployments, forcePushAllowances?.apps]).toEqual([null, []]);
  expect(parseClassicRest(rest.value, { id: shared.ruleId, pattern: shared.pattern })).toEqual(shared);
});

test.skipIf(!existsSync(RECORDINGS))('every recorded answer of GitHub is understood', () => {
  const lines = readFileSync(RECORDINGS, 'utf8')
    .split('\n')
    .filter((line) => line.includes('/protection'));
  const answers = lines
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly method: string;
          readonly path: string;
          readonly status: number;
          readonly resBody: unknown;
        },
    )
    .filter(({ path, status }) => path.endsWith('/protection') && status === 200);
  expect(answers.length).toBeGreaterThan(0);
  for (const { resBody } of answers)
    expect(parseClassicRest(resBody, { id: 'x', pattern: 'main' }).pattern).toBe('main');
});
