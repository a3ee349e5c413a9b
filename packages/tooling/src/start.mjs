// `npm start [-- DIR ...]`: everything set up, then the five-stage gate on docs/example or on another repository.
import { resolve } from 'node:path';
import { root, runStatus } from './run.mjs';
import { compile, installDependencies } from './setup.mjs';

installDependencies();
compile();
const given = process.argv.slice(2);
// npm runs scripts in the package's folder; a relative DIR is meant from where the user stands.
const from = process.env.INIT_CWD ?? process.cwd();
const [first, ...rest] = given;
const args =
  first === undefined || first.startsWith('-') ? [`${root}docs/example`, ...given] : [resolve(from, first), ...rest];
process.exitCode = runStatus(process.execPath, [`${root}packages/cli/lib/main.js`, 'gate', ...args]);
