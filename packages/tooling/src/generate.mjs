// `npm run generate`: what is derived from the sources is written from them. `--check` compares instead.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';
import { compile, installDependencies } from './setup.mjs';

installDependencies();
compile();
const files = await generatedFiles();
const check = process.argv.includes('--check');
const stale = [];
for (const [path, text] of files) {
  const absolute = join(root, path);
  if (existsSync(absolute) && readFileSync(absolute, 'utf8') === text) continue;
  stale.push(path);
  if (check) continue;
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
}
for (const path of stale) console.log(`${check ? 'out of date' : 'written'}: ${path}`);
if (check && stale.length > 0) console.error('run `npm run generate` and commit what it writes');
if (stale.length === 0) console.log(`${files.size} generated files are up to date`);
process.exitCode = check && stale.length > 0 ? 1 : 0;

/** @returns {Promise<Map<string, string>>} text by path */
async function generatedFiles() {
  const { actionFiles } = await import('./generate-actions.mjs');
  const { schemaFiles } = await import('./generate-schemas.mjs');
  const { docsIndexFiles } = await import('./generate-docs-index.mjs');
  const { configDocsFiles } = await import('./generate-config-docs.mjs');
  const parts = [actionFiles(), schemaFiles(), docsIndexFiles(), configDocsFiles()];
  return new Map((await Promise.all(parts)).flat());
}
