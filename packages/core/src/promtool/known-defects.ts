import { type ToolVersion, compareVersions } from './version.ts';

/** What a release of promtool is known to get wrong. */
export type KnownDefect = {
  readonly id: string;
  /** What goes wrong and what it hides, in one sentence. */
  readonly message: string;
  /** Where it is described. */
  readonly source: string;
};

type DefectRange = KnownDefect & { readonly from: ToolVersion; readonly to: ToolVersion };

const release = (major: number, minor: number, patch: number): ToolVersion => ({ major, minor, patch, pre: '' });
const LAST_PATCH = Number.MAX_SAFE_INTEGER;

/** The oldest release that is supported; older ones lack what the stages read. */
export const OLDEST_SUPPORTED = release(2, 42, 0);

// Both ends belong to the range.
const DEFECTS: readonly DefectRange[] = [
  {
    id: 'duplicates-not-fatal',
    message: 'duplicate rules do not fail "check rules": it exits 0',
    source: 'https://github.com/prometheus/prometheus/issues/11042',
    from: release(2, 36, 1),
    to: release(2, 37, LAST_PATCH),
  },
  {
    id: 'check-rules-silent',
    message: '"check rules" does not print what is wrong with a file, and its exit code does not tell either',
    source: 'https://github.com/prometheus/prometheus/issues/12663',
    from: release(2, 46, 0),
    to: release(2, 47, LAST_PATCH),
  },
  {
    id: 'lint-none-fails',
    message: '"check config --lint=none" fails for every rule file with "unset nameValidationScheme"',
    source: 'https://github.com/prometheus/prometheus/issues/17398',
    from: release(3, 7, 0),
    to: release(3, 7, 2),
  },
];

/** The known defects of this release; empty for a good one. */
export function knownDefects(version: ToolVersion): readonly KnownDefect[] {
  return DEFECTS.filter(({ from, to }) => compareVersions(version, from) >= 0 && compareVersions(version, to) <= 0).map(
    ({ id, message, source }) => ({ id, message, source }),
  );
}
