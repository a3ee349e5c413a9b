import { requireInput } from '../input/index.ts';
import { configSchema, type Config } from './schema.ts';

/** The configuration of a repository that has no `.obsgate.yml`. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}

/**
 * Reads `.obsgate.yml`.
 *
 * @throws ConfigError naming every unknown key and wrong value with `file:line:column`.
 */
export function parseConfig(path: string, text: string): Config {
  return requireInput(configSchema, path, text);
}
