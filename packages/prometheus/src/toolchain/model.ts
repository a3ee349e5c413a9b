import type { ToolVersion } from '@obsgate/core/promtool';

export const TOOL_NAMES = ['promtool', 'prometheus', 'pushgateway', 'alertmanager'] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Where a tool was found, in the order in which the places are tried. */
export const TOOL_SOURCES = ['given', 'OBSGATE_TOOLS', 'PATH', 'cache', 'release', 'packages', 'container'] as const;
export type ToolSource = (typeof TOOL_SOURCES)[number];

/** How a tool is started: an executable file of this machine, or an image that a Docker engine runs. */
export type ToolProgram =
  | { readonly kind: 'binary'; readonly path: string }
  /** `image` is `prom/prometheus:v2.54.1`, or with `@sha256:…`. */
  | { readonly kind: 'container'; readonly docker: string; readonly image: string };

export type Tool = {
  readonly name: ToolName;
  readonly version: ToolVersion;
  /** `2.53.3`: the version as promtool's own release names it. */
  readonly versionText: string;
  readonly program: ToolProgram;
  /** The executable; for a container the image. For messages. */
  readonly path: string;
  readonly source: ToolSource;
};

/** One place that was asked, and what came of it. */
export type Attempt = { readonly where: string; readonly result: string };

/** Another version than the one asked for is used, because the caller allowed it. */
export type Drift = { readonly wanted: string; readonly got: string };

export type FindResult =
  | { readonly kind: 'found'; readonly tool: Tool; readonly drift?: Drift; readonly tried: readonly Attempt[] }
  | Unavailable;

export type Unavailable = {
  readonly kind: 'unavailable';
  readonly reason: 'tool_unavailable';
  readonly name: ToolName;
  /** One sentence without the list of attempts. */
  readonly message: string;
  readonly tried: readonly Attempt[];
};

/** What one place (search path, cache, release, package archive) answers. */
export type SourceAnswer =
  | { readonly kind: 'found'; readonly tool: Tool }
  | { readonly kind: 'nothing'; readonly attempts: readonly Attempt[] };

/** `refused`: the place has the tool, and it must not be used (a wrong checksum, a given file that is something else). */
export type PlaceAnswer =
  | SourceAnswer
  | { readonly kind: 'refused'; readonly detail: string; readonly attempts: readonly Attempt[] };

/** What every part of the toolchain is given: the outside world, replaceable in tests. */
export type ToolchainContext = {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheDir: string;
  /** Says what is fetched and from where, one line at a time. */
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
};

/** The file names that a tool goes by: upstream's, then Debian's. */
export function executableNames(name: ToolName): readonly string[] {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const packaged = name === 'pushgateway' || name === 'alertmanager' ? [`prometheus-${name}`] : [];
  return [name, ...packaged].map((file) => file + suffix);
}
