import type { Config } from '../../config/index.ts';
import { foldPath, quoted } from '../../rulepack/index.ts';
import type { LabelFacts } from '../facts.ts';
import type { MergeRequest } from '../request.ts';
import { gateVerdict, type GateVerdict, type Refusal } from '../verdict.ts';
import { isLater, judgedSince, refusing, type GateInput } from './input.ts';

const refuse = refusing('labels');

/** The labels that are the request itself: none when a comment or a dispatch asked. */
export function triggerLabels(config: Config, request: MergeRequest): readonly string[] {
  const { kind } = request.trigger;
  return kind === 'comment' || kind === 'dispatch' ? [] : config.merge.labels;
}

/** The labels that must be there, by their exact names, each added after the last push: a label speaks of what it was put on. */
export function labelsGate(input: GateInput): GateVerdict {
  const { facts, config, request, pack } = input;
  const required = [...new Set([...triggerLabels(config, request), ...(pack?.required_labels ?? [])])];
  const refusals = [...required.flatMap((name) => required1(input, name)), ...blocking(facts.labels, config)];
  return gateVerdict('labels', refusals, required.length === 0 ? ['no label is asked for'] : []);
}

function required1({ facts }: GateInput, name: string): Refusal[] {
  const label = facts.labels.find((each) => each.name === name);
  if (label === undefined) return [missing(facts.labels, name)];
  const since = judgedSince(facts);
  const help = `Look at the change as it is now, then take ${quoted(name)} off and add it again.`;
  if (label.added === null || since === undefined) {
    const what = label.added === null ? 'when the label was added' : 'when the last push was';
    return [refuse('label_unproven', { message: `${quoted(name)}: nobody can say ${what}`, subject: name, help })];
  }
  const later = isLater(label.added.at, since.at);
  if (later === true) return [];
  const message = `${quoted(name)} was added at ${label.added.at}, not after ${since.what} at ${since.at}`;
  return [refuse(later === undefined ? 'label_unproven' : 'label_stale', { message, subject: name, help })];
}

function missing(labels: readonly LabelFacts[], name: string): Refusal {
  const like = labels.find((label) => foldPath(label.name).trim() === foldPath(name).trim());
  const message =
    like === undefined
      ? `the label ${quoted(name)} is missing`
      : `the label ${quoted(name)} is missing; ${quoted(like.name)} is another name`;
  return refuse('label_missing', { message, subject: name, help: `Add the label ${quoted(name)}.` });
}

/** Labels that block do so in any letter case. */
function blocking(labels: readonly LabelFacts[], config: Config): Refusal[] {
  const blocked = new Set(config.merge.block_labels.map(foldPath));
  return labels
    .filter(({ name }) => blocked.has(foldPath(name)))
    .map(({ name }) =>
      refuse('label_blocks', {
        message: `the label ${quoted(name)} keeps it from merging`,
        subject: name,
        help: `Take ${quoted(name)} off when its reason is gone.`,
      }),
    );
}
