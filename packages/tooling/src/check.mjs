// `npm run check`: everything that can be said about the sources without running them, each check to its end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareTrees } from './compare-trees.mjs';
import { root, runPackage, runStatus } from './run.mjs';
import { compile, installDependencies } from './setup.mjs';

installDependencies();
compile();

/** @type {readonly [name: string, run: () => number][]} */
const checks = [
  ['lock file', () => runStatus('npm', ['ci', '--dry-run', '--loglevel=error', '--no-audit', '--no-fund'])],
  ['format', () => runPackage('oxfmt/bin/oxfmt', ['--check', '.'])],
  [
    'lint',
    () =>
      runPackage('oxlint/bin/oxlint', [
        '--type-aware',
        '--deny-warnings',
        'packages',
        'actions',
        'test',
        'vitest.config.ts',
      ]),
  ],
  ['layers', () => runPackage('dependency-cruiser/bin/dependency-cruise.mjs', ['packages', 'actions'])],
  ['types', () => runPackage('typescript/bin/tsc', ['-p', 'tsconfig.test.json'])],
  ['types of the tooling', () => runPackage('typescript/bin/tsc', ['-p', 'packages/tooling/tsconfig.json'])],
  ['dead code', () => runPackage('knip/bin/knip.js', [])],
  ['generated files', () => runStatus(process.execPath, ['packages/tooling/src/generate.mjs', '--check'])],
  ['dist', distIsCurrent],
];

const failed = [];
for (const [name, check] of checks) {
  console.log(`\n== ${name}`);
  if (check() !== 0) failed.push(name);
}
console.log(failed.length === 0 ? `\n${checks.length} checks passed` : `\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** The committed bundles are exactly what the sources build. */
function distIsCurrent() {
  const fresh = mkdtempSync(join(tmpdir(), 'obsgate-dist-'));
  try {
    const code = runStatus(process.execPath, ['packages/tooling/src/build.mjs', fresh]);
    if (code !== 0) return code;
    const differences = compareTrees(join(root, 'dist'), fresh);
    for (const difference of differences) console.error(difference);
    if (differences.length > 0) console.error('dist/ is not what the sources build; run `npm run build` and commit it');
    return differences.length === 0 ? 0 : 1;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
