import { register } from 'node:module';

// GitHub's validator imports JSON files without the attribute that Node asks for: this hook hands them over as modules.
const HOOK = `
  import { readFile } from 'node:fs/promises';
  export async function load(url, context, next) {
    if (!url.includes('/@actions/') || !url.endsWith('.json')) return next(url, context);
    const json = await readFile(new URL(url), 'utf8');
    return { format: 'module', source: 'export default ' + json, shortCircuit: true };
  }
`;
register(`data:text/javascript,${encodeURIComponent(HOOK)}`);

/** Validates a workflow or an action.yml against GitHub's current schema: https://github.com/actions/languageservices */
export const { validate } = await import('@actions/languageservice');
