import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A bare repository is four entries on disk; writing them costs under a millisecond, `git init --bare` costs ten.
 * @param shareObjectsWith git directory of the parent: a fork sees the same objects, as on GitHub.
 */
export function initBare(gitDir: string, defaultBranch: string, shareObjectsWith: string | null = null): void {
  mkdirSync(join(gitDir, 'refs', 'heads'), { recursive: true });
  mkdirSync(join(gitDir, 'refs', 'tags'), { recursive: true });
  if (shareObjectsWith) symlinkSync(join(shareObjectsWith, 'objects'), join(gitDir, 'objects'), 'junction');
  else mkdirSync(join(gitDir, 'objects', 'pack'), { recursive: true });
  writeFileSync(join(gitDir, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  writeFileSync(
    join(gitDir, 'config'),
    '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n[gc]\n\tauto = 0\n',
  );
}
