import type { Config } from '@obsgate/core/config';
import { STAGE_NAMES, type StageName } from '@obsgate/core/gate';
import { ConfigError, nearest, type Reason } from '@obsgate/core/kernel';

/**
 * The stages that are left out, each with its reason: not among the selected, or skipped by configuration.
 * A stage that was asked for by name runs, whatever the configuration says.
 */
export function skippedStages(selected: readonly StageName[] | undefined, config: Config): Map<StageName, Reason> {
  const skipped = new Map<StageName, Reason>();
  for (const [name, why] of Object.entries(config.gate.skip)) {
    const stage = STAGE_NAMES.find((known) => known === name);
    if (stage === undefined) throw new ConfigError(unknownStage(name), 'gate.skip');
    skipped.set(stage, { code: 'disabled_by_config', message: `skipped by gate.skip: ${why}`, subject: stage });
  }
  if (selected === undefined) return skipped;
  for (const stage of STAGE_NAMES) {
    if (selected.includes(stage)) skipped.delete(stage);
    else skipped.set(stage, { code: 'not_selected', message: 'not selected by --stage', subject: stage });
  }
  return skipped;
}

function unknownStage(name: string): string {
  const near = nearest(name, STAGE_NAMES);
  return `unknown stage ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`;
}
