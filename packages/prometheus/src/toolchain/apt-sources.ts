/** One archive that the machine's own apt sources name. */
export type AptArchive = {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Key ring file, or undefined for the machine's trusted ones. */
  readonly signedBy: string | undefined;
};

/** Reads the one-line format: `deb [signed-by=/usr/share/keyrings/x.gpg] http://host/debian bookworm main`. */
export function parseSourcesList(text: string): AptArchive[] {
  const archives: AptArchive[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (match === null) continue;
    const [, options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    archives.push({ uri, suite, components: words(components), signedBy });
  }
  return archives;
}

/** Reads the deb822 format (`*.sources`): stanzas of `Types`, `URIs`, `Suites`, `Components`, `Signed-By`. */
export function parseDeb822(text: string): AptArchive[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(readStanza)
    .filter((fields) => words(fields.get('types')).includes('deb') && fields.get('enabled')?.trim() !== 'no')
    .flatMap((fields) =>
      words(fields.get('uris')).flatMap((uri) =>
        words(fields.get('suites')).map((suite) => ({
          uri,
          suite,
          components: words(fields.get('components')),
          signedBy: keyRing(fields.get('signed-by')),
        })),
      ),
    );
}

/**
 * The archive that carries the distribution itself: the one whose suite is the machine's code name.
 * Security, update and vendors' archives are not it.
 */
export function distributionArchive(archives: readonly AptArchive[], codename: string): AptArchive | undefined {
  return archives.find(({ suite, components }) => suite === codename && components.includes('main'));
}

/**
 * The suites to ask, newest first with one exception. Debian's and Ubuntu's symbolic names stay true when releases move on.
 * https://wiki.debian.org/DebianReleases, https://wiki.ubuntu.com/Releases
 */
export function suitesToTry(distribution: string, codename: string): string[] {
  // Testing is nearly always a copy of unstable, and every index costs seconds: it is asked when the others have nothing.
  const debian = ['unstable', 'stable-backports', 'stable', 'oldstable', 'testing'];
  const symbolic = distribution === 'debian' ? debian : [];
  if (distribution === 'ubuntu') symbolic.push('devel');
  return [...symbolic, `${codename}-updates`, codename].filter((suite) => !suite.startsWith('-') && suite !== '');
}

function readStanza(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current: string | undefined;
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const field = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (field !== null) {
      current = field[1]?.toLowerCase() ?? '';
      fields.set(current, field[2] ?? '');
    } else if (current !== undefined && /^[ \t]/.test(line)) {
      fields.set(current, `${fields.get(current) ?? ''}\n${line}`);
    }
  }
  return fields;
}

// Signed-By may also hold the key itself; then the machine's trusted keys have to do.
function keyRing(value: string | undefined): string | undefined {
  const first = words(value)[0];
  return first?.startsWith('/') === true ? first : undefined;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
