import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AptArchive, distributionArchive, parseDeb822, parseSourcesList, suitesToTry } from './apt-sources.ts';

/** The distribution of this machine and the archive that carries it, as its own apt sources name it. */
export type Distribution =
  | {
      readonly kind: 'apt';
      readonly archive: AptArchive;
      /** Newest first. */
      readonly suites: readonly string[];
      /** The archive components that hold our packages: Ubuntu has them in `universe`. */
      readonly components: string;
    }
  | { readonly kind: 'none'; readonly detail: string };

/** Reads `os-release` and the apt sources below `etc`. */
export function readDistribution(etc: string): Distribution {
  const release = readText(join(etc, 'os-release'));
  const field = (name: string): string => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  const codename = field('VERSION_CODENAME');
  const archives = [
    ...parseSourcesList(readText(join(etc, 'apt/sources.list'))),
    ...parts(etc, '.list').flatMap((file) => parseSourcesList(readText(file))),
    ...parts(etc, '.sources').flatMap((file) => parseDeb822(readText(file))),
  ];
  if (archives.length === 0) return { kind: 'none', detail: 'no apt sources on this machine' };
  const archive = distributionArchive(archives, codename);
  if (archive === undefined) {
    return { kind: 'none', detail: `the apt sources name no archive for the suite "${codename}"` };
  }
  const components = field('ID') === 'ubuntu' ? 'main universe' : 'main';
  return { kind: 'apt', archive, suites: suitesToTry(field('ID'), codename), components };
}

function parts(etc: string, ending: string): string[] {
  const folder = join(etc, 'apt/sources.list.d');
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith(ending));
    return files.toSorted().map((file) => join(folder, file));
  } catch {
    // No such folder: a machine without apt, or with one file only.
    return [];
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Absent on other systems; an unreadable one names no archive either.
    return '';
  }
}
