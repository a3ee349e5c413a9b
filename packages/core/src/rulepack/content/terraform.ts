import { allBlocks, literal, parseHcl, type HclBlock } from './hcl.ts';
import type { ContentRule, TextChange } from './rules.ts';

const UNREADABLE = 'it cannot be read as Terraform, so nobody can say what it does';

const applies = (path: string): boolean => /\.(tf|tofu|hcl|tfvars)(\.json)?$/i.test(path);

/** Blocks of a file; JSON syntax is not looked into: it is refused as unreadable. */
function blocksOf(text: string | null, path: string): HclBlock[] | undefined {
  if (text === null) return [];
  const root = /\.json$/i.test(path) ? undefined : parseHcl(text);
  return root === undefined ? undefined : [...allBlocks(root)];
}

/** A rule over the blocks after the change, with those before it to compare to. */
function blockRule(
  id: ContentRule['id'],
  why: string,
  find: (after: readonly HclBlock[], before: readonly HclBlock[]) => readonly string[],
): ContentRule {
  return {
    id,
    why,
    applies,
    check({ path, before, after }: TextChange) {
      if (after === null) return [];
      const blocks = blocksOf(after, path);
      // What cannot be read before counts as nothing: then all of what is there now is new.
      return blocks === undefined ? [UNREADABLE] : find(blocks, blocksOf(before, path) ?? []);
    },
  };
}

function isProvisioner({ type }: HclBlock): boolean {
  return type === 'provisioner';
}

function isBackend({ type }: HclBlock): boolean {
  return type === 'backend' || type === 'cloud';
}

/** Data sources that run a program or ask a server while planning, before anybody has approved anything. */
const EXTERNAL_DATA = new Set(['external', 'http', 'local_file', 'local_sensitive_file']);

/** Where code comes from: `source` of modules and of `required_providers`. */
function sourcesOf(blocks: readonly HclBlock[]): string[] {
  return blocks.flatMap(({ type, attributes }) => {
    if (type === 'module') {
      const source = attributes.find(({ name }) => name === 'source');
      return source === undefined ? [] : [literal(source.value) ?? source.value];
    }
    if (type !== 'required_providers') return [];
    return attributes.map(({ name, value }) => `${name} = ${value.replace(/\s+/g, ' ')}`);
  });
}

/** Terraform and OpenTofu configuration; all that runs programs or moves where code and state come from. */
export const TERRAFORM_RULES: readonly ContentRule[] = [
  // A provisioner that was there already counts too: what it runs can be changed from any other line of the file.
  blockRule(
    'terraform/provisioner',
    'a provisioner runs commands where Terraform runs, with its credentials',
    (after) =>
      after.filter(isProvisioner).map(({ labels }) => `it runs the provisioner ${JSON.stringify(labels[0] ?? '')}`),
  ),
  blockRule(
    'terraform/external-data',
    'such a data source runs a program, reads a file or asks a server while planning',
    (after) =>
      after
        .filter(({ type, labels }) => (type === 'data' || type === 'ephemeral') && EXTERNAL_DATA.has(labels[0] ?? ''))
        .map(({ labels }) => `it reads data.${labels.join('.')}`),
  ),
  blockRule(
    'terraform/backend',
    'the backend decides where the state, with all its secrets, is kept',
    (after, before) => {
      const known = new Set(before.filter(isBackend).map(({ text }) => text));
      const now = after.filter(isBackend);
      const changed = now.filter(({ text }) => !known.has(text)).map(({ type }) => `it changes the ${type}`);
      return now.length < known.size ? [...changed, 'it takes a backend away'] : changed;
    },
  ),
  blockRule(
    'terraform/source',
    'modules and providers are code that runs with the credentials of Terraform',
    (after, before) => {
      const known = new Set(sourcesOf(before));
      return sourcesOf(after)
        .filter((source) => !known.has(source) && !/^\.{1,2}\//.test(source))
        .map((source) => `it takes code from ${JSON.stringify(source)}`);
    },
  ),
];
