import type { Node } from 'yaml';
import { finding, type Duration } from '../kernel/index.ts';
import {
  badValue,
  durationField,
  listField,
  mapField,
  missingKey,
  problem,
  textField,
  unknownKey,
  type Owner,
} from './fields.ts';
import type { Located, MapEntry, Rule, RuleFile, RuleGroup } from './model.ts';
import { readRule } from './read-rule.ts';
import { entriesOf, rangeOfNode, type Entry, type View } from './yaml-view.ts';

const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'] as const;

/** Keys that the operator's custom resource has beyond Prometheus's own. */
const CRD_GROUP_KEYS: ReadonlySet<string> = new Set(['partial_response_strategy']);

type MutableGroup = {
  file: RuleFile;
  name: Located<string>;
  interval: Located<Duration> | undefined;
  queryOffset: Located<Duration> | undefined;
  limit: Located<number> | undefined;
  labels: readonly MapEntry[];
  rules: Rule[];
  range: RuleGroup['range'];
};

/** Reads one group. Undefined, with findings, when it has no name or is no map. */
export function readGroup(view: View, node: Node, file: RuleFile, index: number): RuleGroup | undefined {
  const range = rangeOfNode(view, node);
  const anonymous: Owner = { name: `group ${index + 1}`, range };
  const entries = entriesOf(view, node);
  if (entries === undefined) {
    problem(view, 'bad-value', range, `${anonymous.name} is not a map.`, 'Write `name:` and `rules:`.', anonymous.name);
    return undefined;
  }
  const name = nameOf(view, entries, anonymous);
  const owner: Owner = name === undefined ? anonymous : { name: `group ${JSON.stringify(name.value)}`, range };
  const group: MutableGroup = {
    file,
    name: name ?? { value: '', range },
    interval: undefined,
    queryOffset: undefined,
    limit: undefined,
    labels: [],
    rules: [],
    range,
  };
  let count = 0;
  const add = (through: View, item: Node): void => {
    const rule = readRule(through, item, { file, group, index: count++ });
    if (rule !== undefined) group.rules.push(rule);
  };
  let rules: Entry | undefined;
  for (const entry of entries) {
    if (entry.key.value === 'rules') rules = entry;
    else readField(view, entry, owner, group);
  }
  if (rules !== undefined && view.lists?.(rules.key.range.line, add) === true) group.range = upToLast(group);
  else if (rules !== undefined) for (const item of listField(view, rules, owner) ?? []) add(view, item);
  if (count === 0) emptyGroup(view, owner);
  return name === undefined ? undefined : group;
}

/** The frame of a group ends before its list of rules. */
function upToLast({ range, rules }: MutableGroup): RuleGroup['range'] {
  const last = rules.at(-1)?.range ?? range;
  const isLater = last.endLine > range.endLine;
  return isLater ? { ...range, endLine: last.endLine, endColumn: last.endColumn } : range;
}

function nameOf(view: View, entries: readonly Entry[], owner: Owner): Located<string> | undefined {
  const entry = entries.find(({ key }) => key.value === 'name');
  const text = entry === undefined ? undefined : textField(view, entry, owner);
  if (text !== undefined && text.value !== '') return { value: text.value, range: text.range };
  missingKey(view, owner, '`name`');
  return undefined;
}

function readField(view: View, entry: Entry, owner: Owner, group: MutableGroup): void {
  switch (entry.key.value) {
    case 'name':
      break;
    case 'interval':
      group.interval = durationField(view, entry, owner);
      break;
    case 'query_offset':
      group.queryOffset = durationField(view, entry, owner);
      break;
    case 'limit': {
      const text = textField(view, entry, owner);
      if (text === undefined || text.value === '') break;
      if (/^[+-]?\d+$/.test(text.value)) group.limit = { value: Number(text.value), range: text.range };
      else badValue(view, entry, owner, 'a whole number');
      break;
    }
    case 'labels':
      group.labels = mapField(view, entry, owner);
      break;
    default:
      if (group.file.format === 'crd' && CRD_GROUP_KEYS.has(entry.key.value)) break;
      unknownKey(view, entry.key, owner, GROUP_KEYS);
  }
}

function emptyGroup(view: View, owner: Owner): void {
  view.findings.push(
    finding({
      rule: 'rules/empty-group',
      severity: 'warning',
      message: `${owner.name.charAt(0).toUpperCase()}${owner.name.slice(1)} has no rules.`,
      help: 'Add rules, or remove the group.',
      file: view.source.path,
      range: owner.range,
      subject: owner.name,
    }),
  );
}
