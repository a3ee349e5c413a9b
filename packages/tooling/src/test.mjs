// `npm test`: everything set up, then the test suite against real Prometheus, Pushgateway and Alertmanager processes.
// `--full` runs the exhaustive matrices that `npm test` samples. Other arguments go to vitest.
import { runPackage } from './run.mjs';
import { compile, installDependencies, installRuntimes } from './setup.mjs';

installDependencies();
installRuntimes();
compile();
const args = process.argv.slice(2);
if (args.includes('--full')) process.env.OBSGATE_TEST_FULL = '1';
process.exitCode = runPackage('vitest/vitest.mjs', ['run', ...args.filter((arg) => arg !== '--full')]);
