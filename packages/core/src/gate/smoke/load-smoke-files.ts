import picomatch from 'picomatch';
import { isNode } from 'yaml';
import { finding, rangeBetween, sourceText, type Finding, type Range } from '../../kernel/index.ts';
import { parseInput, parseYamlDocument } from '../../input/index.ts';
import type { Project } from '../project.ts';
import { withRealm } from '../realm.ts';
import { smokeSchema, type SmokeHistory, type SmokeQuery } from './schema.ts';

/** A query with the place where it is written; the default queries have none. */
export type PlacedQuery = SmokeQuery & { readonly profile: string; readonly file?: string; readonly range?: Range };

export type SmokePlan = {
  readonly queries: readonly PlacedQuery[];
  /** History that the files give; empty: none gives any. */
  readonly histories: readonly SmokeHistory[];
  readonly findings: readonly Finding[];
};

/**
 * The queries of the project's smoke files, `${REALM}` filled in. Without any smoke file, the three default queries
 * of the heartbeat are asked.
 *
 * @param profile - Only the files of this profile.
 */
export async function loadSmokeFiles(project: Project, profile?: string): Promise<SmokePlan> {
  const isSmoke = picomatch([...project.config.gate.smoke.files], { dot: true });
  const paths = (await project.files.list()).filter((path) => isSmoke(path));
  if (paths.length === 0) return { queries: defaultQueries(project), histories: [], findings: [] };
  const parts = await Promise.all(paths.map((path) => loadFile(project, path)));
  const wanted = parts.filter(
    (part) => profile === undefined || part.profile === profile || part.profile === undefined,
  );
  const queries = wanted.flatMap((part) => part.queries);
  return {
    queries,
    histories: wanted.flatMap((part) => part.histories),
    findings: [...wanted.flatMap((part) => part.findings), ...duplicates(queries)],
  };
}

/** The default queries: that the heartbeat is well, fresh, and ticks. Named after the recorded series. */
export function defaultQueries(project: Project): PlacedQuery[] {
  const { metric_prefix: prefix } = project.config.gate.lint.heartbeat;
  const { label, value: realm } = project.config.realm;
  const query = (name: string, op: '==' | '>=', value: number): PlacedQuery => ({
    name: `${prefix}_${name}`,
    expr: `${prefix}_${name}{${label}=${JSON.stringify(realm)}}`,
    expect: { op, value, tolerance: 0, series: 'all' },
    step: '15s',
    on_missing: 'fail',
    profile: 'default',
  });
  return [query('ok', '==', 1), query('fresh_120s', '==', 1), query('changes_6m', '>=', 2)];
}

type FilePart = SmokePlan & { readonly profile: string | undefined };

async function loadFile(project: Project, path: string): Promise<FilePart> {
  const read = await project.files.read(path);
  if (read.kind !== 'text') return broken(fileFinding(path, `The smoke file cannot be read: ${read.detail}`));
  const parsed = parseInput(smokeSchema, path, read.text);
  if (parsed.kind === 'invalid') {
    return broken(...parsed.problems.map(({ message, range }) => fileFinding(path, message, range)));
  }
  const realm = (text: string): string => withRealm(text, project.config.realm.value);
  const { queries, history } = parsed.value;
  const profile = parsed.value.profile ?? nameOf(path);
  const ranges = queryRanges(path, read.text, queries.length);
  const placed = queries.map((query, index): PlacedQuery => {
    const range = ranges[index];
    return { ...query, expr: realm(query.expr), profile, file: path, ...(range === undefined ? {} : { range }) };
  });
  const filled = history?.input_series.map((item) => ({ ...item, series: realm(item.series) }));
  const histories = history === undefined || filled === undefined ? [] : [{ ...history, input_series: filled }];
  return { profile, queries: placed, histories, findings: [] };
}

function broken(...findings: Finding[]): FilePart {
  return { profile: undefined, queries: [], histories: [], findings };
}

function fileFinding(file: string, message: string, range?: Range): Finding {
  const place = range === undefined ? {} : { range };
  return finding({ rule: 'smoke/invalid-file', severity: 'error', message, file, ...place, subject: message });
}

function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
}

/** Where each query's name is written. */
function queryRanges(path: string, text: string, count: number): (Range | undefined)[] {
  const source = sourceText(path, text.replace(/^\uFEFF/, ''));
  const document = parseYamlDocument(source.text);
  return Array.from({ length: count }, (_, index) => {
    const node = document.getIn(['queries', index, 'name'], true);
    return isNode(node) && node.range ? rangeBetween(source, node.range[0], node.range[1]) : undefined;
  });
}

function duplicates(queries: readonly PlacedQuery[]): Finding[] {
  const seen = new Set<string>();
  return queries.flatMap((query) => {
    if (!seen.has(query.name)) {
      seen.add(query.name);
      return [];
    }
    const message = `The name ${query.name} is taken by another query; reports could not tell them apart.`;
    return [fileFinding(query.file ?? '', message, query.range)];
  });
}
