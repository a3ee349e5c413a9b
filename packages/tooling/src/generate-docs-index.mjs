import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/**
 * The index of the rule pages and of the reason pages: a line each with the page's first heading and sentence.
 * @returns {Promise<[path: string, text: string][]>}
 */
export async function docsIndexFiles() {
  return [
    [
      'docs/rules/README.md',
      index('docs/rules', 'Rules', 'What the gate finds, one page a rule. `obsgate explain RULE` prints a page.'),
    ],
    [
      'docs/reasons/README.md',
      index(
        'docs/reasons',
        'Reason codes',
        'Why something was refused, held or failed. `obsgate explain CODE` prints a page.',
      ),
    ],
  ];
}

/**
 * @param {string} folder
 * @param {string} title
 * @param {string} intro
 */
function index(folder, title, intro) {
  const rows = pages(folder).map((path) => {
    const text = readFileSync(join(root, folder, path), 'utf8');
    const code = path.slice(0, -'.md'.length);
    return `| [\`${code}\`](${path}) | ${summary(text)} |`;
  });
  return [`# ${title}`, '', intro, '', '| code | what it says |', '| --- | --- |', ...rows, ''].join('\n');
}

/** @param {string} folder */
function pages(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !name.endsWith('README.md'))
    .toSorted();
}

/** The first paragraph below the heading, on one line. @param {string} text */
function summary(text) {
  const paragraph = text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .find((block) => block !== '' && !block.startsWith('#'));
  return (paragraph ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|');
}
