import picomatch from 'picomatch';

/** The folder that everything matched by a glob lies in (or the file itself, where it is no glob); empty: the root. */
export function baseOfGlob(glob: string): string {
  const { base, isGlob } = picomatch.scan(glob);
  return (isGlob ? base : glob).replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
}

/** Whether the glob matches a repository path. Names that begin with a dot are as good as any. */
export function matchesGlob(glob: string, path: string): boolean {
  return picomatch(glob.replace(/^\.?\/+/, ''), { dot: true })(path);
}
