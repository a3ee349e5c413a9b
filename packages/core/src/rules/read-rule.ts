import type { Node } from 'yaml';
import { durationField, mapField, missingKey, problem, textField, unknownKey, type Owner } from './fields.ts';
import type { Located, MapEntry, Rule, RuleFile, RuleGroup, ScalarText } from './model.ts';
import { entriesOf, rangeOfNode, type Entry, type View } from './yaml-view.ts';
import type { Duration } from '../kernel/index.ts';

const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'] as const;

/** Where a rule stands. */
export type RulePlace = { readonly file: RuleFile; readonly group: RuleGroup; readonly index: number };

type Fields = {
  record?: ScalarText;
  alert?: ScalarText;
  expr?: ScalarText;
  for?: Located<Duration> | undefined;
  keepFiringFor?: Located<Duration> | undefined;
  labels: readonly MapEntry[];
  annotations: readonly MapEntry[];
  alertOnly: Entry[];
};

/** Reads one rule. Undefined, with findings, when it has no name or no expression. */
export function readRule(view: View, node: Node, place: RulePlace): Rule | undefined {
  const range = rangeOfNode(view, node);
  const entries = entriesOf(view, node);
  const anonymous = { name: `rule ${place.index + 1} of group ${JSON.stringify(place.group.name.value)}`, range };
  if (entries === undefined) {
    problem(
      view,
      'bad-value',
      range,
      `${anonymous.name} is not a map.`,
      'Write `record:` or `alert:`.',
      anonymous.name,
    );
    return undefined;
  }
  const owner = ownerOf(entries, anonymous);
  const fields: Fields = { labels: [], annotations: [], alertOnly: [] };
  for (const entry of entries) readField(view, entry, owner, fields);
  return build(view, fields, owner, place);
}

function ownerOf(entries: readonly Entry[], anonymous: Owner): Owner {
  const named = entries.find(({ key }) => key.value === 'alert' || key.value === 'record');
  const name = named?.value !== undefined && 'value' in named.value ? String(named.value.value) : '';
  return name === '' ? anonymous : { name: `${named?.key.value} ${JSON.stringify(name)}`, range: anonymous.range };
}

function readField(view: View, entry: Entry, owner: Owner, fields: Fields): void {
  switch (entry.key.value) {
    case 'record':
    case 'alert':
    case 'expr': {
      const text = textField(view, entry, owner);
      if (text !== undefined) fields[entry.key.value] = text;
      break;
    }
    case 'for':
      fields.for = durationField(view, entry, owner);
      fields.alertOnly.push(entry);
      break;
    case 'keep_firing_for':
      fields.keepFiringFor = durationField(view, entry, owner);
      fields.alertOnly.push(entry);
      break;
    case 'labels':
      fields.labels = mapField(view, entry, owner);
      break;
    case 'annotations':
      fields.annotations = mapField(view, entry, owner);
      fields.alertOnly.push(entry);
      break;
    default:
      unknownKey(view, entry.key, owner, RULE_KEYS);
  }
}

function build(view: View, fields: Fields, owner: Owner, { file, group, index }: RulePlace): Rule | undefined {
  const { record, alert, expr, labels, annotations } = fields;
  const name = nonEmpty(record) ?? nonEmpty(alert);
  if (nonEmpty(record) !== undefined && nonEmpty(alert) !== undefined) {
    const help = 'Make two rules of it.';
    problem(view, 'bad-value', owner.range, `${owner.name} has both \`record\` and \`alert\`.`, help, owner.name);
    return undefined;
  }
  if (name === undefined) missingKey(view, owner, '`record` or `alert`');
  if (nonEmpty(expr) === undefined) missingKey(view, owner, '`expr`');
  if (name === undefined || expr === undefined || expr.value === '') return undefined;
  const located = { value: name.value, range: name.range };
  const common = { file, group, index, name: located, expr, labels, range: owner.range };
  if (name === alert) {
    return { ...common, kind: 'alerting', for: fields.for, keepFiringFor: fields.keepFiringFor, annotations };
  }
  for (const entry of fields.alertOnly) if (says(entry, fields)) misplaced(view, entry, owner);
  return { ...common, kind: 'recording' };
}

/** Prometheus takes a zero duration and an empty map as if the key were absent. */
function says({ key, value }: Entry, fields: Fields): boolean {
  if (value === undefined) return false;
  if (key.value === 'annotations') return fields.annotations.length > 0;
  const duration = key.value === 'for' ? fields.for : fields.keepFiringFor;
  return duration === undefined || duration.value.ms > 0;
}

function misplaced(view: View, { key }: Entry, owner: Owner): void {
  problem(
    view,
    'misplaced-key',
    key.range,
    `\`${key.value}\` belongs to alerts; Prometheus refuses it in ${owner.name}.`,
    `Remove \`${key.value}\`, or write \`alert\` instead of \`record\`.`,
    `${owner.name} ${key.value}`,
  );
}

function nonEmpty(text: ScalarText | undefined): ScalarText | undefined {
  return text === undefined || text.value === '' ? undefined : text;
}
