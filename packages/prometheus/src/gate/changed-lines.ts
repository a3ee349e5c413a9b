import { ConfigError } from '@obsgate/core/kernel';
import { parseChangedLines, type ChangedLines } from '@obsgate/core/lint';

/**
 * The lines that changed since the merge base with `ref`, by path relative to `root`; uncommitted changes count.
 *
 * @throws ConfigError without a ref, or when git cannot compare with it.
 */
export async function changedLines(root: string, ref: string | undefined): Promise<ChangedLines> {
  if (ref === undefined) throw new ConfigError('changed lines are counted from a git ref; name it', '--base-ref');
  const base = (await git(root, ['merge-base', '--end-of-options', ref, 'HEAD'], ref)).trim();
  const format = [
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-renames',
    '--relative',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  return parseChangedLines(await git(root, ['-c', 'core.quotePath=true', 'diff', ...format, base, '--', '.'], ref));
}

async function git(root: string, args: readonly string[], ref: string): Promise<string> {
  const { getExecOutput } = await import('@actions/exec');
  const { exitCode, stdout, stderr } = await getExecOutput('git', ['-C', root, ...args], {
    silent: true,
    ignoreReturnCode: true,
  });
  if (exitCode === 0) return stdout;
  const said = stderr.trim().split('\n', 1)[0] ?? '';
  const hint = 'fetch it first (actions/checkout: fetch-depth: 0)';
  throw new ConfigError(`git cannot compare with ${JSON.stringify(ref)}${said && `: ${said}`}; ${hint}`, '--base-ref');
}
