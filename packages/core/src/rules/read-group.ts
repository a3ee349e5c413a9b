import type { Node } from 'yaml';
import { finding, type Duration, type Range } from '../kernel/index.ts';
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
  range: Range;
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
  const apart = rules?.value === undefined ? rules : undefined;
  const claimed = apart !== undefined && view.lists?.(apart.key.range.line, add) === true;
  if (rules !== undefined && !claimed) for (const item of listField(view, rules, owner) ?? []) add(view, item);
  group.range = extent(view, group, entries);
  if (count === 0) emptyGroup(view, owner);
  return name === undefined ? undefined : group;
}

/** From the first key to the end of the last value; comments behind it are not the group's. */
function extent(view: View, group: MutableGroup, entries: readonly Entry[]): Range {
  const ends = entries
    .map(({ key, value }) => (key.value === 'rules' || value === undefined ? key.range : rangeOfNode(view, value)))
    .concat(group.rules.slice(-1).map((rule) => rule.range));
  const last = ends.reduce((a, b) => (isLater(b, a) ? b : a), ends[0] ?? group.range);
  return { ...group.range, endLine: last.endLine, endColumn: last.endColumn };
}

function isLater(a: Range, b: Range): boolean {
  return a.endLine > b.endLine || (a.endLine === b.endLine && a.endColumn > b.endColumn);
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
      if (/^[+-]?\d+(?:\.\d+)?$/.test(text.value))
        group.limit = { value: Math.trunc(Number(text.value)), range: text.range };
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
