import { RE2JS } from 're2js';
import type { Config } from '../config/index.ts';
import { ConfigError, nearest, parseDuration, type Duration } from '../kernel/index.ts';
import type { LintSettings } from './model.ts';

/** What the settings are made from besides the configuration. */
export type SettingsSource = {
  readonly config: Config;
  /** The global scrape interval of the Prometheus configuration, when it could be read. */
  readonly scrapeInterval: Duration | undefined;
  /** Ids of every lint rule, to tell a misspelt one. */
  readonly ruleIds: readonly string[];
};

/**
 * Reads the part of the configuration that the lint uses.
 *
 * @throws ConfigError on an unknown rule id (naming the nearest), a broken pattern or a share out of range.
 */
export function lintSettings({ config, scrapeInterval, ruleIds }: SettingsSource): LintSettings {
  const { rules, heartbeat } = config.gate.lint;
  for (const id of Object.keys(rules)) if (!ruleIds.includes(id)) throw unknownRule(id, ruleIds);
  if (heartbeat.p_miss <= 0 || heartbeat.p_miss >= 1) {
    throw new ConfigError('gate.lint.heartbeat.p_miss must be between 0 and 1, both exclusive, such as 0.05');
  }
  const scrape = requiredDuration('scrape_interval', heartbeat.scrape_interval) ?? scrapeInterval;
  return {
    severities: new Map(Object.entries(rules)),
    scrapeInterval,
    timing: { tick: requiredDuration('tick', heartbeat.tick) ?? { ms: 60_000 }, scrape, pMiss: heartbeat.p_miss },
    realm: config.realm,
    isHeartbeat: namePattern('match', heartbeat.match),
    isSequence: namePattern('sequence', heartbeat.sequence),
    isState: namePattern('state', heartbeat.state),
    isDeadMan: namePattern('dead_man', heartbeat.dead_man),
    forbiddenFunctions: new Set(heartbeat.forbidden_functions),
    forbiddenTemplateFunctions: new Set(heartbeat.forbidden_template_functions),
  };
}

function unknownRule(id: string, known: readonly string[]): ConfigError {
  const near = nearest(id, known);
  return new ConfigError(
    `unknown lint rule ${JSON.stringify(id)}${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`} (in gate.lint.rules)`,
  );
}

function requiredDuration(key: string, text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined || duration.ms === 0) {
    throw new ConfigError(`gate.lint.heartbeat.${key} must be a duration above zero, such as 15s`);
  }
  return duration;
}

/** A fully anchored RE2 pattern as a predicate; names repeat, so answers are kept. */
function namePattern(key: string, pattern: string): (name: string) => boolean {
  const regex = compile(key, pattern);
  const answers = new Map<string, boolean>();
  return (name) => {
    let answer = answers.get(name);
    if (answer === undefined) {
      answer = regex.testExact(name);
      answers.set(name, answer);
    }
    return answer;
  };
}

function compile(key: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`gate.lint.heartbeat.${key} is no RE2 expression: ${detail}`);
  }
}
