// What every command needs before it can start: the dependencies of the lock file, and the compiled packages.
// Idempotent: each step is stamped with a hash of what it was made from and done again only when that changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, runPackage } from './run.mjs';

const minimum = [20, 19];

/** Dependencies of the workspaces, as the lock file has them. */
export function installDependencies() {
  requireNode();
  install('.', ['package-lock.json']);
}

/** Node 24, for the tests that run the bundles as the runner does. */
export function installRuntimes() {
  if (process.platform === 'linux' && process.arch === 'x64') install('test/runtimes/node24', ['package-lock.json']);
}

/** Compiles the packages; `tsc -b` itself skips what is up to date. */
export function compile() {
  const code = runPackage('typescript/bin/tsc', ['-b']);
  if (code !== 0) process.exit(code);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = minimum;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  console.error(`Node.js ${minimum.join('.')} or newer is needed; this is ${process.versions.node}`);
  process.exit(2);
}

/**
 * @param {string} folder
 * @param {readonly string[]} inputs
 */
function install(folder, inputs) {
  const stamp = join(root, folder, 'node_modules', '.obsgate-installed');
  const wanted = hash(inputs.map((file) => join(root, folder, file)));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(`installing the dependencies of ${folder === '.' ? 'the workspaces' : folder} (npm ci)`);
  run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error', '--prefix', join(root, folder)]);
  mkdirSync(join(root, folder, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** @param {readonly string[]} files */
function hash(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(readFileSync(file));
  return sum.digest('hex');
}
