import { defaultConfig, parseConfig, type Config } from '@obsgate/core/config';
import type { RepositoryFiles } from '@obsgate/core/gate';
import { ConfigError, formatDuration } from '@obsgate/core/kernel';
import type { GateContext, GateOptions } from './options.ts';

export const DEFAULT_CONFIG = '.obsgate.yml';

/**
 * Reads the repository's configuration, and writes what the options and the environment say over it.
 *
 * @throws ConfigError when the file named by `--config` cannot be read, or holds something wrong.
 */
export async function loadConfig(files: RepositoryFiles, options: GateOptions, context: GateContext): Promise<Config> {
  const config = await readConfig(files, options.config);
  const realm = options.realm ?? nonEmpty(context.env['REALM']);
  const { prometheus, gate } = config;
  return {
    ...config,
    ...(realm !== undefined && { realm: { ...config.realm, value: realm } }),
    prometheus: {
      ...prometheus,
      ...(options.prometheusVersion !== undefined && { version: options.prometheusVersion }),
      ...(options.crossCheck !== undefined && { cross_check: [...options.crossCheck] }),
    },
    gate: {
      ...gate,
      ...(options.lintFatal !== undefined && {
        promtool_check: { ...gate.promtool_check, lint_fatal: options.lintFatal },
      }),
      ...(options.minCoverage !== undefined && {
        promql_unit: { ...gate.promql_unit, min_coverage: options.minCoverage },
      }),
      ...(options.smokeDeadline !== undefined && {
        smoke: { ...gate.smoke, deadline: formatDuration(options.smokeDeadline) },
      }),
    },
  };
}

async function readConfig(files: RepositoryFiles, path: string | undefined): Promise<Config> {
  const name = path ?? DEFAULT_CONFIG;
  const read = await files.read(name);
  if (read.kind === 'text') return parseConfig(name, read.text);
  if (path === undefined && read.reason === 'missing') return defaultConfig();
  throw new ConfigError(
    read.reason === 'missing' ? 'no such file' : `the configuration cannot be read: ${read.detail || read.reason}`,
    name,
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
