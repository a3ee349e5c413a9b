import { isAlias, isMap, isNode, isScalar, isSeq, Scalar, visit, type Document, type Pair, type YAMLMap } from 'yaml';
import { parseYamlDocuments } from '../../input/index.ts';

/** What becomes of one path of the configuration: another path, or undefined to leave the setting out. */
export type PathRewrite = (use: { readonly key: string; readonly path: string }) => string | undefined;

export type IsolatedConfig =
  | {
      readonly kind: 'isolated';
      readonly text: string;
      /** What the copy does not have, one phrase each: `remote_write`, `job "node": file_sd_configs, static_configs`. */
      readonly leftOut: readonly string[];
      readonly logFiles: readonly LogFile[];
    }
  /** Not readable as one map; promtool says what is wrong with it. */
  | { readonly kind: 'unreadable'; readonly detail: string };

/** A `query_log_file` or `scrape_failure_log_file` of the configuration. */
export type LogFile = { readonly key: string; readonly path: string; readonly start: number; readonly end: number };

/** Sends or fetches data, at the top level of the configuration. */
const REMOTE_SECTIONS = ['remote_write', 'remote_read', 'tracing', 'scrape_config_files'];
const LOG_FILES = new Set(['query_log_file', 'scrape_failure_log_file']);
/** Where a scrape job finds what to scrape. Builds without a discovery mechanism refuse its key, so it is removed. */
const TARGETS = /^(?:static_configs|[a-z0-9_]+_sd_configs)$/;
/** How a scrape job proves itself to a target; the files that it names stand on the server alone. */
const CREDENTIALS = new Set([
  'authorization',
  'basic_auth',
  'oauth2',
  'tls_config',
  'bearer_token',
  'bearer_token_file',
  'http_headers',
  'proxy_url',
  'proxy_from_environment',
  'proxy_connect_header',
  'no_proxy',
]);

/**
 * The configuration as a sandbox may load it: it contacts nothing and reads no file but the copied rules.
 * Intervals, external labels, relabelling and every other setting stay. Scalars keep their spelling, since
 * YAML 1.1 (Prometheus) and 1.2 read some of them differently.
 *
 * @param rewrite - New path for every entry of `rule_files` and for the log files.
 * @param addRuleFiles - More entries of `rule_files`, written as they are.
 */
export function isolateConfig(
  text: string,
  rewrite: PathRewrite,
  addRuleFiles: readonly string[] = [],
): IsolatedConfig {
  // The failsafe schema reads every scalar as a string, so that `yes` or `010` is written back as it was.
  const document = firstDocument(text);
  const error = document.errors[0];
  if (error !== undefined)
    return { kind: 'unreadable', detail: `line ${lineOf(text, error.pos[0])}: ${firstLine(error.message)}` };
  const expanded = expandAliases(document);
  if (expanded !== undefined) return { kind: 'unreadable', detail: expanded };
  const root = document.contents;
  if (!isMap(root)) return { kind: 'unreadable', detail: 'the configuration is no map' };
  const leftOut: string[] = [];
  for (const key of REMOTE_SECTIONS) if (isPresent(root, key) && root.delete(key)) leftOut.push(key);
  leaveOutAlertmanagers(root, leftOut);
  leaveOutTargets(root, leftOut);
  rewriteRuleFiles(document, root, rewrite, addRuleFiles);
  const logFiles = rewriteLogFiles(document, rewrite);
  return { kind: 'isolated', text: document.toString({ lineWidth: 0 }), leftOut, logFiles };
}

// A second document is read by no server; the first stage says so.
function firstDocument(text: string): Document {
  const [document] = parseYamlDocuments(text, { schema: 'failsafe', uniqueKeys: false });
  if (document === undefined) throw new Error('the YAML library composed no document');
  return document;
}

// Aliases are written out, so that a removed anchor leaves no alias behind.
function expandAliases(document: Document): string | undefined {
  try {
    document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  visit(document, {
    Alias: (_, alias) => {
      const copy: unknown = alias.resolve(document)?.clone();
      return isNode(copy) ? copy : undefined;
    },
  });
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) delete node.anchor;
    },
  });
  return undefined;
}

function leaveOutAlertmanagers(root: YAMLMap, leftOut: string[]): void {
  const alerting = root.get('alerting', true);
  if (isMap(alerting) && alerting.delete('alertmanagers')) leftOut.push('alerting.alertmanagers');
}

function leaveOutTargets(root: YAMLMap, leftOut: string[]): void {
  const jobs = root.get('scrape_configs', true);
  if (!isSeq(jobs)) return;
  for (const job of jobs.items) {
    if (!isMap(job)) continue;
    const removed = [...removeKeys(job, (key) => TARGETS.test(key)), ...removeKeys(job, (key) => CREDENTIALS.has(key))];
    const name = job.get('job_name');
    if (removed.length > 0) leftOut.push(`job ${JSON.stringify(String(name))}: ${removed.join(', ')}`);
  }
}

function removeKeys(map: YAMLMap, matches: (key: string) => boolean): string[] {
  const removed = map.items.map(keyOf).filter((key): key is string => key !== undefined && matches(key));
  map.items = map.items.filter((pair) => !matches(keyOf(pair) ?? ''));
  // `<<: *defaults` can bring the same keys.
  for (const pair of map.items) {
    if (keyOf(pair) === '<<' && isMap(pair.value)) removed.push(...removeKeys(pair.value, matches));
  }
  return removed;
}

function rewriteRuleFiles(document: Document, root: YAMLMap, rewrite: PathRewrite, more: readonly string[]): void {
  const list = root.get('rule_files', true);
  const kept = (isSeq(list) ? list.items : []).flatMap((item) => {
    if (!isScalar(item) || typeof item.value !== 'string') return [item];
    const to = rewrite({ key: 'rule_files', path: item.value });
    return to === undefined ? [] : [quoted(to)];
  });
  const added = more.map(quoted);
  if (isSeq(list)) list.items = [...kept, ...added];
  else if (added.length > 0) root.set('rule_files', document.createNode(more));
}

function rewriteLogFiles(document: Document, rewrite: PathRewrite): LogFile[] {
  const found: LogFile[] = [];
  visit(document, {
    Pair: (_, pair) => {
      const key = keyOf(pair);
      if (key === undefined || !LOG_FILES.has(key) || !isScalar(pair.value)) return undefined;
      const { value, range } = pair.value;
      if (typeof value !== 'string' || value === '') return undefined;
      found.push({ key, path: value, start: range?.[0] ?? 0, end: range?.[1] ?? 0 });
      const to = rewrite({ key, path: value });
      if (to === undefined) return visit.REMOVE;
      pair.value = quoted(to);
      return undefined;
    },
  });
  return found;
}

function isPresent(root: YAMLMap, key: string): boolean {
  const value = root.get(key, true);
  return value !== undefined && !(isSeq(value) && value.items.length === 0);
}

function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined;
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** The configuration with one more scrape job, for a target of the sandbox's own. */
export function addScrapeJob(text: string, job: Readonly<Record<string, unknown>>): string {
  const document = firstDocument(text);
  const jobs: unknown = document.get('scrape_configs', true);
  const entry = document.createNode(job);
  if (isSeq(jobs)) jobs.items.push(entry);
  else document.set('scrape_configs', [entry]);
  return document.toString({ lineWidth: 0 });
}

/** The configuration with another interval for the groups that name none. */
export function withEvaluationInterval(text: string, interval: string): string {
  const document = firstDocument(text);
  const global: unknown = document.get('global', true);
  if (isMap(global)) global.set('evaluation_interval', interval);
  else document.set('global', document.createNode({ evaluation_interval: interval }));
  return document.toString({ lineWidth: 0 });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
