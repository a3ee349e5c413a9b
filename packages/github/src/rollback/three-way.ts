import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ThreeWay, ThreeWayPort, TreeEdit } from '@obsgate/core/rollback';
import { gitIn, type Git } from './git.ts';

export type CloneOptions = {
  /** Where the repository is fetched from, without credentials: `https://github.com/owner/name.git`. */
  readonly url: string;
  readonly token: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Parent of the temporary folder. */
  readonly parent?: string;
};

type Commits = Parameters<ThreeWayPort['revert']>[0];

/**
 * Three-way reverts in a temporary clone of three commits without history or files. Nothing is pushed: the caller
 * writes the result through the API.
 */
export function cloneThreeWay(options: CloneOptions): ThreeWayPort {
  return {
    revert: async (commits) => {
      const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'obsgate-revert-'));
      try {
        const origin = URL.canParse(options.url) ? new URL(options.url).origin : null;
        const { token, env } = options;
        return await revertIn(gitIn({ folder, origin, token, env }), options.url, commits);
      } catch (error) {
        return unavailable(error instanceof Error ? error.message : String(error));
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function revertIn(git: Git, url: string, { before, merge, base }: Commits): Promise<ThreeWay> {
  await must(git, ['init', '--quiet', '--bare', '.']);
  await must(git, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--depth=1',
    '--no-write-fetch-head',
    '--end-of-options',
    url,
    before,
    merge,
    base,
  ]);
  // Three commits of their own stand for the history, which is not fetched: `--merge-base` came with git 2.40 only.
  const root = await commitTree(git, merge, null);
  const ours = await commitTree(git, base, root);
  const theirs = await commitTree(git, before, root);
  const merged = await git(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs]);
  const [tree = '', ...files] = merged.stdout
    .toString('utf8')
    .split('\0')
    .filter((part) => part !== '');
  if (merged.code === 1) return { kind: 'conflict', files: [...new Set(files)] };
  if (merged.code !== 0) return unavailable(`git merge-tree failed: ${merged.stderr}`);
  const edits = await editsOf(git, base, before, tree.trim());
  return edits.length === 0 ? { kind: 'empty' } : { kind: 'clean', tree: tree.trim(), edits };
}

async function commitTree(git: Git, commit: string, parent: string | null): Promise<string> {
  const parents = parent === null ? [] : ['-p', parent];
  return (await must(git, ['commit-tree', `${commit}^{tree}`, ...parents, '-m', 'x'])).toString('utf8').trim();
}

/** How the tree differs from the base's, with the contents that no commit on GitHub has yet. */
async function editsOf(git: Git, base: string, before: string, tree: string): Promise<TreeEdit[]> {
  const flags = ['-r', '-z', '--raw', '--no-renames', '--no-abbrev'];
  const raw = await must(git, ['diff-tree', ...flags, `${base}^{tree}`, tree]);
  const parts = raw
    .toString('utf8')
    .split('\0')
    .filter((part) => part !== '');
  const known = await blobsOf(git, [base, before]);
  const edits: TreeEdit[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    // `:<old mode> <new mode> <old sha> <new sha> <status>`, then the path
    const [oldMode = '', mode = '', , sha = '', status = ''] = (parts[index] ?? '').slice(1).split(' ');
    const path = parts[index + 1] ?? '';
    if (status === 'D') edits.push({ path, mode: oldMode, blob: null });
    else if (mode === '160000' || known.has(sha)) edits.push({ path, mode, blob: { sha } });
    // oxlint-disable-next-line no-await-in-loop -- one process at a time
    else edits.push({ path, mode, blob: { content: await must(git, ['cat-file', 'blob', sha]) } });
  }
  return edits;
}

async function blobsOf(git: Git, commits: readonly string[]): Promise<Set<string>> {
  const blobs = new Set<string>();
  for (const commit of commits) {
    // oxlint-disable-next-line no-await-in-loop
    const list = await must(git, ['ls-tree', '-r', '-z', '--format=%(objectname)', commit]);
    for (const sha of list.toString('utf8').split('\0')) blobs.add(sha);
  }
  return blobs;
}

async function must(git: Git, args: readonly string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await git(args);
  if (code !== 0) throw new Error(`git ${args[0]} failed: ${stderr.split('\n', 1)[0] ?? code}`);
  return stdout;
}

function unavailable(message: string): ThreeWay {
  return { kind: 'unavailable', reasons: [{ code: 'tool_failed', message, subject: 'git' }] };
}
