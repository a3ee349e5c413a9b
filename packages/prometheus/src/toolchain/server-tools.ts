import type { Drift, Tool, Unavailable } from './model.ts';
import type { FindOptions, Toolchain } from './toolchain.ts';

/** A Prometheus and the promtool of the very same version: what one says about a file holds for the other. */
export type ServerTools =
  | {
      readonly kind: 'found';
      readonly version: string;
      readonly promtool: Tool;
      readonly prometheus: Tool;
      readonly drift?: Drift;
    }
  | Unavailable;

/**
 * Finds Prometheus and promtool of one version. Where no version is asked for, the promtool that is found first
 * decides, and if there is no such server, the server that is found first.
 */
export async function findServerTools(toolchain: Toolchain, options: FindOptions = {}): Promise<ServerTools> {
  const { path, ...rest } = options;
  const promtool = await toolchain.find('promtool', options);
  if (promtool.kind === 'unavailable') return promtool;
  const version = promtool.tool.versionText;
  const drift = promtool.drift === undefined ? {} : { drift: promtool.drift };
  const prometheus = await toolchain.find('prometheus', { version });
  if (prometheus.kind === 'found') {
    return { kind: 'found', version, promtool: promtool.tool, prometheus: prometheus.tool, ...drift };
  }
  const free = (rest.version ?? '') === '' && (path ?? '') === '';
  const server = free ? await toolchain.find('prometheus') : undefined;
  if (server?.kind !== 'found') return prometheus;
  const sister = await toolchain.find('promtool', { version: server.tool.versionText });
  if (sister.kind === 'unavailable') return sister;
  return { kind: 'found', version: server.tool.versionText, promtool: sister.tool, prometheus: server.tool };
}

/** The message of a missing tool with everything that was tried, one place a line. */
export function explainUnavailable({ message, tried }: Unavailable): string {
  if (tried.length === 0) return message;
  return [`${message}; tried:`, ...tried.map(({ where, result }) => `  ${where}: ${result}`)].join('\n');
}
