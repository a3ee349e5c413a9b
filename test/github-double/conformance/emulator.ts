import { createEmulator } from 'emulate';
import { walk, type Answers } from './scenario.ts';

/** The walk of scenario.ts at the GitHub of the npm package `emulate`, in this process, on 127.0.0.1. */
export async function walkEmulate(): Promise<Answers> {
  const seed = {
    tokens: { owner: { login: 'octo', scopes: ['repo', 'admin:org'] } },
    github: {
      users: [{ login: 'octo' }, { login: 'dev' }],
      repos: [{ owner: 'octo', name: 'rules', auto_init: true }],
    },
  };
  const emulator = await createEmulator({ service: 'github', port: 0, seed });
  try {
    return await walk(emulator.url.replace('localhost', '127.0.0.1'), { owner: 'owner', app: 'owner' }, 'octo/rules');
  } finally {
    await emulator.close();
  }
}
