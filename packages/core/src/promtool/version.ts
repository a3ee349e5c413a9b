/** A release number of Prometheus, Pushgateway or Alertmanager. `pre` is `rc.1`, `beta.0`, or empty for a release. */
export type ToolVersion = {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly pre: string;
};

/** Which version is asked for: any, the newest there is, or an exact or partial number. */
export type VersionRequest =
  | { readonly kind: 'any' }
  | { readonly kind: 'latest' }
  | { readonly kind: 'exact'; readonly version: ToolVersion }
  /** `3` or `2.53`: the newest release that starts so. */
  | { readonly kind: 'prefix'; readonly major: number; readonly minor: number | undefined };

const FULL = /^v?(\d+)\.(\d+)\.(\d+)(?:[-~]((?:rc|beta|alpha)\.?\d+))?(?:[+-].*)?$/;

/**
 * Reads `2.53.3`, `v3.0.0-rc.1`, and what distributions make of them (`2.42.0+ds-5+deb12u1`, `1:2.53.3+ds1-2`).
 * A distribution's suffix is dropped: the release is what decides what promtool can do.
 */
export function parseVersion(text: string): ToolVersion | undefined {
  const match = FULL.exec(text.trim().replace(/^\d+:/, ''));
  if (match === null) return undefined;
  const [, major, minor, patch, pre = ''] = match;
  return { major: Number(major), minor: Number(minor), patch: Number(patch), pre };
}

/** Reads a version request: `v2.54.1`, `2.53`, `3`, `latest`, or nothing. Undefined when it is none of these. */
export function parseVersionRequest(text: string | undefined): VersionRequest | undefined {
  const wanted = text?.trim() ?? '';
  if (wanted === '') return { kind: 'any' };
  if (wanted === 'latest') return { kind: 'latest' };
  const prefix = /^v?(\d+)(?:\.(\d+))?$/.exec(wanted);
  if (prefix !== null) {
    return { kind: 'prefix', major: Number(prefix[1]), minor: prefix[2] === undefined ? undefined : Number(prefix[2]) };
  }
  const version = parseVersion(wanted);
  return version === undefined ? undefined : { kind: 'exact', version };
}

/** Writes a version without the leading `v`, as promtool does. */
export function formatVersion({ major, minor, patch, pre }: ToolVersion): string {
  return `${major}.${minor}.${patch}${pre === '' ? '' : `-${pre}`}`;
}

/** Negative when `a` is older than `b`. A pre-release is older than its release. */
export function compareVersions(a: ToolVersion, b: ToolVersion): number {
  const byNumber = a.major - b.major || a.minor - b.minor || a.patch - b.patch;
  if (byNumber !== 0 || a.pre === b.pre) return byNumber;
  if (a.pre === '') return 1;
  if (b.pre === '') return -1;
  return a.pre.localeCompare(b.pre, 'en', { numeric: true });
}

/** Whether `version` is what is asked for. A pre-release answers only an exact request, or a request for any. */
export function satisfies(version: ToolVersion, request: VersionRequest): boolean {
  switch (request.kind) {
    case 'any':
      return true;
    case 'latest':
      return version.pre === '';
    case 'exact':
      return compareVersions(version, request.version) === 0;
    case 'prefix':
      break;
  }
  const sameMajor = version.pre === '' && version.major === request.major;
  return sameMajor && (request.minor === undefined || version.minor === request.minor);
}

/** The newest of `versions` that satisfies the request. */
export function newestSatisfying(versions: readonly ToolVersion[], request: VersionRequest): ToolVersion | undefined {
  return versions
    .filter((version) => satisfies(version, request))
    .toSorted(compareVersions)
    .at(-1);
}

/**
 * The version nearest to what is asked for: the same major, then the nearest minor, the nearest patch within the same
 * minor; of two equally near the newer. For `latest` and no request, the newest.
 */
export function nearestVersion(versions: readonly ToolVersion[], request: VersionRequest): ToolVersion | undefined {
  if (request.kind === 'any' || request.kind === 'latest') return versions.toSorted(compareVersions).at(-1);
  const wanted =
    request.kind === 'exact' ? request.version : { ...request, minor: request.minor ?? 0, patch: undefined };
  const distance = ({ major, minor, patch }: ToolVersion): readonly [number, number, number] => {
    const byMinor = Math.abs(minor - wanted.minor);
    const sameLine = major === wanted.major && byMinor === 0 && wanted.patch !== undefined;
    return [Math.abs(major - wanted.major), byMinor, sameLine ? Math.abs(patch - wanted.patch) : 0];
  };
  return versions.toSorted((a, b) => {
    const [left, right] = [distance(a), distance(b)];
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2] || compareVersions(b, a);
  })[0];
}

/** The request as a person would write it. */
export function formatRequest(request: VersionRequest): string {
  switch (request.kind) {
    case 'any':
      return 'any version';
    case 'latest':
      return 'latest';
    case 'exact':
      return formatVersion(request.version);
    case 'prefix':
      break;
  }
  return request.minor === undefined ? `${request.major}` : `${request.major}.${request.minor}`;
}
