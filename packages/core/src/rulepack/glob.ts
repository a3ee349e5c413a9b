import picomatch from 'picomatch';
import { foldPath } from './path.ts';

/**
 * Globs as in .gitignore: `**` for any depth, a glob without `/` matches at any depth, a leading `/` binds it to the root,
 * a trailing `/` stands for everything below.
 * An allowing glob matches the path itself, in its letter case. A denying glob is read as widely as it can be: in any
 * letter case, and when it matches a folder it matches everything below.
 */
export function allows(glob: string, path: string): boolean {
  return compiled(glob, false)(path);
}

/** Whether a denying glob matches the path or a folder above it, in any letter case; see {@link allows}. */
export function denies(glob: string, path: string): boolean {
  const matches = compiled(glob, true);
  // A wildcard matches no line end, so that one in a name would get it past the glob.
  const folded = foldPath(path).replace(/[\n\r\u2028\u2029]/g, '\u0001');
  for (let end = folded.length; end > 0; end = folded.lastIndexOf('/', end - 1)) {
    if (matches(folded.slice(0, end))) return true;
  }
  return false;
}

const cache = new Map<string, (path: string) => boolean>();

function compiled(glob: string, fold: boolean): (path: string) => boolean {
  const key = `${fold ? 'deny' : 'allow'} ${glob}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const text = anchored(fold ? foldGlob(glob) : glob.normalize('NFC'));
  // Paths are git's, so `\` never separates; a file whose name begins with a dot is as good as any.
  const matcher = picomatch(text, { dot: true, nonegate: true, windows: false, nocase: fold });
  const matches = (path: string): boolean => matcher(path);
  if (cache.size > 5000) cache.clear();
  cache.set(key, matches);
  return matches;
}

/** Folds what stands outside of brackets; `nocase` does the rest. */
function foldGlob(glob: string): string {
  return glob.includes('[') ? glob.normalize('NFKC') : foldPath(glob);
}

function anchored(glob: string): string {
  const below = glob.endsWith('/') ? `${glob}**` : glob;
  if (below.startsWith('/')) return below.slice(1);
  const bare = glob.endsWith('/') ? glob.slice(0, -1) : glob;
  return bare.includes('/') ? below : `**/${below}`;
}
