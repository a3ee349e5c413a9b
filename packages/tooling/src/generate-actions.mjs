import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const BEGIN = '<!-- generated: inputs and outputs -->';
const END = '<!-- end of generated -->';

/**
 * action.yml of every action, and the tables of its README.
 * @returns {Promise<[path: string, text: string][]>}
 */
export async function actionFiles() {
  const { describedActions } = await import(`${root}actions/lib/registry.js`);
  const { actionYaml, readmeTable } = await import(`${root}packages/action-kit/lib/index.js`);
  const actions = await describedActions();
  return actions.flatMap((/** @type {{ name: string, description: string }} */ action) => [
    [`actions/${action.name}/action.yml`, actionYaml(action)],
    [`actions/${action.name}/README.md`, readme(action, readmeTable(action))],
  ]);
}

/**
 * The README as it is, with its tables written anew; one that does not exist yet is begun.
 * @param {{ name: string, description: string }} action
 * @param {string} tables
 */
function readme({ name, description }, tables) {
  const path = join(root, 'actions', name, 'README.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : `# ${name}\n\n${description}\n\n${BEGIN}\n${END}\n`;
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${path} has no place for its tables: ${BEGIN} ... ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${tables.trim()}\n\n${text.slice(end)}`;
}
