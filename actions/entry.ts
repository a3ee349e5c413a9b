// The one entry of the bundle. Each action and the command is a chunk of its own, loaded when it is asked for.
import type { ActionName } from './registry.ts';

/** Runs one step of an action: what `dist/<name>/index.js` and `post.js` call. */
export async function action(name: ActionName, step: 'main' | 'post'): Promise<void> {
  const { ACTIONS } = await import('./registry.ts');
  const loaded = await ACTIONS[name]();
  await loaded[step]();
}

/** Runs the `obsgate` command; `home` is the folder that holds `docs/` and `package.json`. */
export async function command(home: URL): Promise<void> {
  const cli = await import('@obsgate/cli');
  await cli.command(home);
}
