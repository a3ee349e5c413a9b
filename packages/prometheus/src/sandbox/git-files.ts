import type { ReadResult, RepositoryFiles } from '@obsgate/core/gate';
import { ConfigError } from '@obsgate/core/kernel';
import { describeResult, runProcess, type ProcessResult } from '../process/index.ts';

/**
 * The files of a git ref, below `root` (which may be a folder inside the working tree), as a repository to read.
 * Nothing is checked out.
 *
 * @throws ConfigError when git is missing, `root` is no git repository, or the ref is not known.
 */
export async function gitFiles(root: string, ref: string): Promise<RepositoryFiles> {
  const commit = await commitOf(root, ref);
  const paths = regularFiles(await mustGit(root, ['ls-tree', '-r', '-z', commit], ref));
  const known = new Set(paths);
  return {
    list: () => Promise.resolve(paths),
    read: async (path) => {
      if (!known.has(path)) return { kind: 'unreadable', reason: 'missing', detail: `not in ${ref}` };
      const result = await git(root, ['cat-file', 'blob', `${commit}:./${path}`]);
      if (result.kind === 'exited' && result.code === 0) return decoded(result.stdout);
      return { kind: 'unreadable', reason: 'denied', detail: `git: ${describeResult(result)}` };
    },
  };
}

async function commitOf(root: string, ref: string): Promise<string> {
  const result = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  if (result.kind === 'exited' && result.code === 0) return result.stdout.trim();
  if (result.kind === 'not_found') throw new ConfigError('git is needed to read the base and is not on this machine');
  if (result.kind === 'exited' && result.code === 128) throw new ConfigError('this is no git repository', root);
  const hint = 'fetch it first (actions/checkout: fetch-depth: 0)';
  throw new ConfigError(`the base ${JSON.stringify(ref)} is not a commit that this clone has; ${hint}`);
}

async function mustGit(root: string, args: readonly string[], ref: string): Promise<string> {
  const result = await git(root, args);
  if (result.kind === 'exited' && result.code === 0) return result.stdout;
  throw new ConfigError(`git cannot list the files of ${ref}: ${describeResult(result)}`);
}

function git(root: string, args: readonly string[]): Promise<ProcessResult> {
  return runProcess('git', ['-C', root, ...args], { deadlineMs: 30_000 });
}

// `100644 blob <hash>\t<path>`; symbolic links (120000) and submodules (160000) are left out.
function regularFiles(listing: string): string[] {
  const entries = listing.split('\0').map((line) => /^100\d{3} blob \w+\t([\s\S]+)$/.exec(line)?.[1]);
  return entries.filter((path) => path !== undefined).sort();
}

function decoded(text: string): ReadResult {
  if (text.includes('\0')) return { kind: 'unreadable', reason: 'binary', detail: 'a NUL byte' };
  if (text.includes('\uFFFD')) return { kind: 'unreadable', reason: 'encoding', detail: 'no UTF-8' };
  return { kind: 'text', text };
}
