// `npm run build`: compiles the packages and bundles them into dist/.
//
// One bundle holds every action and the command, each as a chunk that loads only when it is asked for, so that the
// shared core is in dist/ once. dist/<action>/index.js is the entry that the action's action.yml names.
// The output depends on the sources and the lock file alone: `npm run check` builds again and compares.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run.mjs';
import { compile, installDependencies } from './setup.mjs';

/** @typedef {{ code: string, assets: Record<string, { source: string | Buffer }> }} NccOutput */

const limitBytes = 3 * 1024 * 1024;

installDependencies();
compile();
await build(process.argv[2] ?? join(root, 'dist'));

/** @param {string} dist */
async function build(dist) {
  // Loaded here because it may only just have been installed.
  // @ts-expect-error -- the package has no type declarations
  const { default: ncc } = await import('@vercel/ncc');
  const entry = join(root, 'actions/lib/entry.js');
  /** @type {NccOutput} */
  const output = await ncc(entry, {
    cache: false,
    quiet: true,
    license: 'licenses.txt',
    target: 'es2022',
  });
  rmSync(dist, { recursive: true, force: true });
  write(join(dist, 'bundle/index.js'), await smaller(output.code));
  for (const [name, { source }] of Object.entries(output.assets)) {
    write(join(dist, 'bundle', name), name.endsWith('.js') ? await smaller(String(source)) : source);
  }
  write(join(dist, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
  for (const action of actionNames()) writeEntry(dist, action);
  write(
    join(dist, 'obsgate/index.js'),
    "#!/usr/bin/env node\nimport { command } from '../bundle/index.js';\n\nawait command(new URL('../../', import.meta.url));\n",
  );
  report(dist);
}

/**
 * ncc makes only the entry small, and leaves the chunks as they are. Names of functions and classes stay, for stacks.
 * @param {string} source
 */
async function smaller(source) {
  const { minify } = await import('terser');
  const { code = '' } = await minify(source, { module: true, ecma: 2020, keep_fnames: true, keep_classnames: true });
  return `${code}\n`;
}

/** An action is a folder of actions/ that has an action.yml. */
function actionNames() {
  return readdirSync(join(root, 'actions'))
    .filter((name) => existsSync(join(root, 'actions', name, 'action.yml')))
    .toSorted();
}

/**
 * @param {string} dist
 * @param {string} action
 */
function writeEntry(dist, action) {
  const definition = readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8');
  for (const step of ['main', 'post']) {
    const file = new RegExp(`^  ${step}: ['"]?\\.\\./\\.\\./dist/${action}/(\\S+\\.js)['"]?$`, 'm').exec(
      definition,
    )?.[1];
    if (file === undefined) continue;
    const code = `import { action } from '../bundle/index.js';\n\nawait action('${action}', '${step}');\n`;
    write(join(dist, action, file), code);
  }
}

/** @param {string} dist */
function report(dist) {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.reduce((sum, file) => sum + readFileSync(join(file.parentPath, file.name)).length, 0);
  console.log(`dist: ${files.length} files, ${(bytes / 1024 / 1024).toFixed(2)} MiB`);
  if (bytes > limitBytes) {
    console.error(`dist is over its limit of ${limitBytes} bytes: ${bytes}`);
    process.exit(1);
  }
}

/**
 * @param {string} path
 * @param {string | Buffer} content
 */
function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
