import { finding, type Duration, type Finding, type SourceText } from '../kernel/index.ts';
import {
  durationField,
  entriesOf,
  itemsOf,
  nodeOf,
  rangeOfNode,
  readYaml,
  scalarOf,
  type Entry,
  type Located,
  type Owner,
  type View,
} from '../rules/index.ts';
import type { PrometheusConfig } from './project.ts';

/** https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
const DEFAULT_INTERVAL: Duration = { ms: 60_000 };

/** What is read of a configuration, before its rule files are looked for. */
export type WrittenConfig = Omit<PrometheusConfig, 'ruleFiles'> & { readonly patterns: readonly Located<string>[] };

export type ReadConfig = { readonly prometheus: WrittenConfig; readonly findings: readonly Finding[] };

/** Reads the parts of a Prometheus configuration that the gate needs; whether it is valid is promtool's to say. */
export function readPrometheusConfig(source: SourceText): ReadConfig {
  const yaml = readYaml(source);
  const findings: Finding[] = [...yaml.findings];
  const [document, ...more] = yaml.documents;
  const draft = { scrapeInterval: DEFAULT_INTERVAL, evaluationInterval: DEFAULT_INTERVAL, externalLabels: {} };
  const empty: WrittenConfig = { path: source.path, source, ...draft, patterns: [] };
  if (document === undefined) return { prometheus: empty, findings };
  findings.push(...document.findings);
  const view: View = {
    source,
    anchors: document.anchors,
    findings: document.findings.length > 0 ? [] : findings,
    at: document.at,
    lists: undefined,
  };
  if (document.anchors.bomb) return { prometheus: empty, findings };
  for (const extra of more) {
    if (nodeOf(view, extra.contents) !== undefined || extra.findings.length > 0) {
      findings.push(secondDocument(view, extra.contents, extra.start));
    }
  }
  const root = entriesOf(view, document.contents);
  if (root === undefined && nodeOf(view, document.contents) !== undefined) findings.push(notAMap(source));
  return { prometheus: { ...empty, ...readRoot(view, root ?? []) }, findings };
}

function readRoot(view: View, root: readonly Entry[]): Partial<WrittenConfig> {
  const global = entriesOf(view, entry(root, 'global')?.value) ?? [];
  const owner: Owner = { name: '`global`', range: rangeOfNode(view, entry(root, 'global')?.value) };
  const interval = (key: string): Duration => {
    const found = entry(global, key);
    return (found === undefined ? undefined : durationField(view, found, owner)?.value) ?? DEFAULT_INTERVAL;
  };
  const externalLabels: Record<string, string> = {};
  for (const label of entriesOf(view, entry(global, 'external_labels')?.value) ?? []) {
    externalLabels[label.key.value] = scalarOf(view, label.value)?.value ?? '';
  }
  const patterns = (itemsOf(view, entry(root, 'rule_files')?.value) ?? []).flatMap((node) => {
    const text = scalarOf(view, node);
    return text === undefined ? [] : [{ value: text.value, range: text.range }];
  });
  return {
    scrapeInterval: interval('scrape_interval'),
    evaluationInterval: interval('evaluation_interval'),
    externalLabels,
    patterns,
  };
}

function entry(entries: readonly Entry[], key: string): Entry | undefined {
  return entries.find((item) => item.key.value === key);
}

function notAMap(source: SourceText): Finding {
  return finding({
    rule: 'config/not-a-map',
    severity: 'error',
    message: 'The Prometheus configuration is not a map of sections.',
    help: 'Write sections such as `global:`, `rule_files:` and `scrape_configs:`.',
    file: source.path,
    range: { line: 1, column: 1, endLine: 1, endColumn: 1 },
    subject: 'root',
  });
}

function secondDocument(view: View, contents: unknown, start: number): Finding {
  const range = rangeOfNode(view, contents ?? { range: [start, start] });
  return finding({
    rule: 'config/second-document',
    severity: 'error',
    message:
      'The configuration has more than one YAML document. Prometheus reads the first alone and ignores this one.',
    help: 'Move the sections into the first document and remove the `---`.',
    file: view.source.path,
    range: { ...range, endLine: range.line, endColumn: range.column },
    subject: 'second document',
  });
}
