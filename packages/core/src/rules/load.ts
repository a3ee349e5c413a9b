import type { Node } from 'yaml';
import { finding, rangeBetween, sourceText, type Finding, type Range, type SourceText } from '../kernel/index.ts';
import { listField, problem, unknownKey, type Owner } from './fields.ts';
import type { Located, RuleFile, RuleGroup } from './model.ts';
import { readPieces } from './pieces.ts';
import { readGroup } from './read-group.ts';
import { readYaml, type YamlDocument, type YamlFile } from './yaml-documents.ts';
import { entriesOf, nodeOf, rangeOfNode, scalarOf, type Entry, type View } from './yaml-view.ts';

/** Files beyond this many characters are read in pieces. */
const LARGE = 1 << 17;

/** Listed per file. */
const MAX_FINDINGS = 200;

/** The file while it is read: groups and findings still grow. */
type Draft = RuleFile & {
  readonly groups: RuleGroup[];
  readonly findings: Finding[];
  readonly comments: Located<string>[];
};

/**
 * Reads a file of rules: a plain rule file, or `PrometheusRule` objects as they are applied to a cluster.
 * Nothing is thrown: whatever cannot be read is a finding with its place.
 *
 * @param path - Path relative to the repository root.
 * @param text - The file's text; a byte order mark is left out of positions.
 */
export function loadRuleFile(path: string, text: string): RuleFile {
  const bom = text.startsWith('\uFEFF');
  const source = sourceText(path, bom ? text.slice(1) : text);
  const file = (text.length > LARGE ? loadInPieces(source) : undefined) ?? loadWhole(source);
  if (bom) file.findings.push(byteOrderMark(source));
  if (text.includes('\r\n')) file.findings.push(carriageReturns(source));
  if (file.groups.length === 0 && !file.findings.some((item) => item.severity === 'error')) {
    file.findings.push(noRules(source));
  }
  limit(source, file.findings);
  return file;
}

/** Reads the file as one syntax tree: the authority on whatever is wrong with it. */
export function loadWhole(source: SourceText): Draft {
  const yaml = readYaml(source);
  const file = draft(source, yaml, yaml.comments);
  readDocuments(file, yaml, undefined);
  return file;
}

/** Reads the lists of rules part by part. Undefined when anything is wrong or unusual: then the whole tree is needed. */
export function loadInPieces(source: SourceText): Draft | undefined {
  const pieces = readPieces(source);
  if (pieces === undefined) return undefined;
  const file = draft(source, pieces.frame, []);
  const findings: Finding[] = [];
  readDocuments(file, pieces.frame, (line, use) =>
    pieces.lists(line, (view, node) => use({ ...view, findings }, node)),
  );
  const sound = file.findings.length === 0 && findings.length === 0 && pieces.complete();
  if (!sound) return undefined;
  for (const comment of pieces.comments()) file.comments.push(comment);
  return file;
}

function draft(source: SourceText, yaml: YamlFile, comments: readonly Located<string>[]): Draft {
  // The text is searched first, since most files are no manifests.
  const mayBe = /^[ \t]*["']?kind["']?[ \t]*:|[{,]\s*["']?kind["']?\s*:/m.test(source.text);
  const isCrd = mayBe && yaml.documents.some((document) => isManifest(source, document));
  const format = isCrd ? 'crd' : 'prometheus';
  return { path: source.path, source, format, groups: [], findings: [...yaml.findings], comments: [...comments] };
}

function readDocuments(file: Draft, yaml: YamlFile, lists: View['lists']): void {
  if (file.format === 'crd') readManifests(file, yaml, lists);
  else readPlain(file, yaml, lists);
}

function viewOf(file: Draft, document: YamlDocument, lists: View['lists']): View {
  const { anchors, at } = document;
  return { source: file.source, anchors, findings: file.findings, at, lists };
}

function readPlain(file: Draft, yaml: YamlFile, lists: View['lists']): void {
  const [first, ...more] = yaml.documents;
  if (first === undefined) return;
  file.findings.push(...first.findings);
  const view = viewOf(file, first, lists);
  const broken = first.findings.length > 0;
  const owner: Owner = { name: 'the file', range: rangeOfNode(view, first.contents) };
  const root = first.anchors.bomb ? undefined : nodeOf(view, first.contents);
  const entries = root === undefined ? [] : entriesOf(view, root);
  // After a syntax error the reader's guess at the rest would only add noise.
  const quiet: View = broken ? { ...view, findings: [] } : view;
  if (entries === undefined) {
    const message = 'The file is not a map: a rule file begins with `groups:`.';
    problem(quiet, 'not-a-map', owner.range, message, 'Write `groups:` with a list of groups.', 'root');
  }
  for (const entry of entries ?? []) {
    if (entry.key.value === 'groups') readGroups(quiet, file, entry, owner);
    else unknownKey(quiet, entry.key, owner, ['groups']);
  }
  for (const document of more) {
    if (nodeOf(view, document.contents) !== undefined || document.findings.length > 0) {
      file.findings.push(secondDocument(file.source, document));
    }
  }
}

function readGroups(view: View, file: Draft, entry: Entry, owner: Owner): void {
  for (const node of listField(view, entry, owner) ?? []) addGroup(view, file, node);
}

function addGroup(view: View, file: Draft, node: Node): void {
  const group = readGroup(view, node, file, file.groups.length);
  if (group !== undefined) file.groups.push(group);
}

function isManifest(source: SourceText, document: YamlDocument): boolean {
  if (document.anchors.bomb) return false;
  const view: View = { source, anchors: document.anchors, findings: [], at: document.at, lists: undefined };
  const entries = entriesOf(view, document.contents) ?? [];
  return textOf(view, entries, 'kind') !== undefined && !entries.some(({ key }) => key.value === 'groups');
}

function readManifests(file: Draft, yaml: YamlFile, lists: View['lists']): void {
  for (const document of yaml.documents) {
    file.findings.push(...document.findings);
    const view = viewOf(file, document, lists);
    if (document.anchors.bomb) continue;
    readManifest(document.findings.length > 0 ? { ...view, findings: [] } : view, file, document.contents);
  }
}

/** `kind: PrometheusRule` holds groups under `spec`; `kind: List` holds objects under `items`. Others are passed over. */
function readManifest(view: View, file: Draft, node: unknown): void {
  const entries = entriesOf(view, node) ?? [];
  const kind = textOf(view, entries, 'kind');
  const owner: Owner = { name: `the ${kind} object`, range: rangeOfNode(view, node) };
  if (kind === 'List' || kind === 'PrometheusRuleList') {
    const items = entries.find(({ key }) => key.value === 'items');
    if (items !== undefined) for (const item of listField(view, items, owner) ?? []) readManifest(view, file, item);
  }
  if (kind !== 'PrometheusRule') return;
  const spec = entries.find(({ key }) => key.value === 'spec');
  for (const entry of entriesOf(view, spec?.value) ?? []) {
    if (entry.key.value === 'groups') readGroups(view, file, entry, owner);
    else unknownKey(view, entry.key, { ...owner, name: '`spec`' }, ['groups']);
  }
}

function textOf(view: View, entries: readonly Entry[], key: string): string | undefined {
  const entry = entries.find((item) => item.key.value === key);
  return entry === undefined ? undefined : scalarOf(view, entry.value)?.value;
}

function secondDocument(source: SourceText, document: YamlDocument): Finding {
  const broken = document.findings[0];
  return finding({
    rule: 'rules/second-document',
    severity: 'error',
    message:
      'The file has more than one YAML document. Prometheus reads the first alone: these rules are never loaded' +
      (broken === undefined ? '.' : `, and promtool does not even notice that they are broken (${broken.message})`),
    help: 'Move the rules into the first document or into a file of their own, and remove the `---`.',
    file: source.path,
    range: broken?.range ?? documentRange(source, document),
    subject: 'second document',
  });
}

function documentRange(source: SourceText, document: YamlDocument): Range {
  const start = document.contents?.range?.[0] ?? document.start;
  const lineEnd = source.text.indexOf('\n', start);
  return rangeBetween(source, start, lineEnd === -1 ? source.text.length : lineEnd);
}

/** A file with thousands of mistakes has one: the rest of the list is counted. */
function limit(source: SourceText, findings: Finding[]): void {
  const more = findings.length - MAX_FINDINGS;
  if (more <= 0) return;
  const severity = findings.slice(MAX_FINDINGS).some((item) => item.severity === 'error') ? 'error' : 'warning';
  findings.length = MAX_FINDINGS;
  findings.push(
    finding({
      rule: 'rules/many-problems',
      severity,
      message: `${more} more problems of this file are not listed.`,
      file: source.path,
      range: rangeBetween(source, 0, 0),
      subject: 'more',
    }),
  );
}

function noRules(source: SourceText): Finding {
  // `{}` and `groups: []` say that the file is meant to be empty; a blank file says nothing.
  const empty = source.text.replace(/^(?:#.*|---|\.\.\.)[ \t\r]*$/gm, '').trim() === '';
  return finding({
    rule: 'rules/no-rules',
    severity: empty ? 'error' : 'warning',
    message: `${empty ? 'The file is empty' : 'The file holds no group of rules'}: promtool calls that a success, but nothing is checked or evaluated.`,
    help: 'Add rules, or remove the file.',
    file: source.path,
    range: rangeBetween(source, 0, 0),
    subject: 'no rules',
  });
}

function byteOrderMark(source: SourceText): Finding {
  return finding({
    rule: 'rules/byte-order-mark',
    severity: 'info',
    message: 'The file begins with a byte order mark. Prometheus reads it, other tools may not.',
    help: 'Save the file as UTF-8 without a byte order mark.',
    file: source.path,
    range: rangeBetween(source, 0, 0),
    subject: 'byte order mark',
  });
}

function carriageReturns(source: SourceText): Finding {
  const at = source.text.indexOf('\r\n');
  return finding({
    rule: 'rules/crlf',
    severity: 'info',
    message: 'The file has Windows line ends (CRLF). Prometheus reads them, but diffs and checksums depend on them.',
    help: 'Save the file with LF line ends.',
    file: source.path,
    range: rangeBetween(source, at, at + 1),
    subject: 'crlf',
  });
}
