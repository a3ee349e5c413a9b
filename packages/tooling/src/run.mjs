import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Root of the checkout, with a trailing separator. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Runs a command in the checkout with the user's terminal; ends this process with its exit code when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function run(command, args, env = process.env) {
  const code = runStatus(command, args, env);
  if (code !== 0) process.exit(code);
}

/**
 * As {@link run}, but returns the exit code (1 when a signal ended the command).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function runStatus(command, args, env = process.env) {
  // npm is a .cmd file on Windows, which Node starts only through a shell; all arguments here are our own constants.
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd: root, env, stdio: 'inherit', shell });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    return 1;
  }
  return result.status ?? 1;
}

/**
 * Runs a script of an installed package with this Node.
 * @param {string} script path below node_modules
 * @param {readonly string[]} args
 */
export function runPackage(script, args) {
  return runStatus(process.execPath, [`${root}node_modules/${script}`, ...args]);
}
