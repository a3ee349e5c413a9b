import { finding, checkedMs, type Finding, type Reason } from '../../kernel/index.ts';
import type { PrometheusServer, ServerAnswer } from '../../server/index.ts';
import type { CaseReport } from '../report.ts';
import { failureReason } from '../reload/ask-server.ts';
import type { Clock } from '../reload/sandbox-port.ts';
import { judgeInstant, judgeRange, rangeTimes, type Judgement } from './judge-query.ts';
import type { PlacedQuery } from './load-smoke-files.ts';

/** What came of one query. */
export type QueryReport = {
  readonly query: PlacedQuery;
  readonly judgement: Judgement;
  readonly report: CaseReport;
  readonly findings: readonly Finding[];
  readonly reasons: readonly Reason[];
};

/** Asks and judges one query. */
export async function askQuery(api: PrometheusServer, query: PlacedQuery, clock: Clock): Promise<QueryReport> {
  const start = clock.now();
  const answer = await (query.for === undefined ? askNow(api, query) : askFor(api, query, query.for, clock));
  const durationMs = clock.now() - start;
  if (!answer.ok) return unanswered(query, answer, durationMs);
  const judgement = answer.value;
  const notes = [
    ...answer.warnings.map((text) => noteFinding(query, 'warning', text)),
    ...answer.infos.map((text) => noteFinding(query, 'info', text)),
  ];
  return reported(query, judgement, durationMs, notes);
}

async function askNow(api: PrometheusServer, query: PlacedQuery): Promise<ServerAnswer<Judgement>> {
  const answer = await api.query(query.expr);
  return answer.ok ? { ...answer, value: judgeInstant(query, answer.value.samples) } : answer;
}

async function askFor(
  api: PrometheusServer,
  query: PlacedQuery,
  time: string,
  clock: Clock,
): Promise<ServerAnswer<Judgement>> {
  const stepSeconds = seconds(query.step);
  const times = rangeTimes(clock.unixSeconds(), seconds(time), stepSeconds);
  const [start = 0, end = 0] = [times[0], times.at(-1)];
  const answer = await api.queryRange({ expr: query.expr, start, end, stepSeconds });
  return answer.ok ? { ...answer, value: judgeRange(query, answer.value, times) } : answer;
}

function seconds(duration: string): number {
  return checkedMs(duration) / 1000;
}

function reported(
  query: PlacedQuery,
  judgement: Judgement,
  durationMs: number,
  notes: readonly Finding[],
): QueryReport {
  const { outcome, problems } = judgement;
  const message = problems.map((problem) => problem.message).join('\n');
  const report: CaseReport = {
    ...caseOf(query, durationMs),
    outcome: outcome === 'hold' ? 'error' : outcome,
    ...(message === '' ? {} : { message }),
  };
  if (outcome === 'pass') return { query, judgement, report, findings: notes, reasons: [] };
  if (outcome === 'hold') {
    const reason: Reason = { code: 'missing_data', message: `${query.name}: ${message}`, subject: query.name };
    return { query, judgement, report, findings: notes, reasons: [reason] };
  }
  const found = problems.map((problem) => problemFinding(query, problem));
  return { query, judgement, report, findings: [...found, ...notes], reasons: [] };
}

function unanswered(
  query: PlacedQuery,
  { failure }: Extract<ServerAnswer<unknown>, { ok: false }>,
  durationMs: number,
): QueryReport {
  const judgement: Judgement = { outcome: 'fail', problems: [] };
  const report = { ...caseOf(query, durationMs), message: failure.message };
  if (failure.kind !== 'api_error') {
    const reasons = [failureReason(failure, query.name)];
    return { query, judgement, report: { ...report, outcome: 'error' }, findings: [], reasons };
  }
  const message = `${query.name}: the server refuses the query: ${failure.message}`;
  const refused = finding({ rule: 'smoke/query-error', severity: 'error', message, ...placeOf(query) });
  return { query, judgement, report: { ...report, outcome: 'fail' }, findings: [refused], reasons: [] };
}

function caseOf(query: PlacedQuery, durationMs: number): Omit<CaseReport, 'outcome'> {
  const { file, range } = query;
  return {
    name: query.name,
    suite: query.profile,
    durationMs,
    ...(file === undefined ? {} : { file }),
    ...(range === undefined ? {} : { range }),
  };
}

function placeOf({ file, range, name }: PlacedQuery): { subject: string } & Partial<Pick<Finding, 'file' | 'range'>> {
  return { subject: name, ...(file === undefined ? {} : { file }), ...(range === undefined ? {} : { range }) };
}

function problemFinding(query: PlacedQuery, { kind, message }: Judgement['problems'][number]): Finding {
  const place = placeOf(query);
  return finding({
    rule: `smoke/${kind}`,
    severity: 'error',
    message: `${query.name}: ${message}.`,
    help: `Query: ${query.expr}`,
    ...place,
    subject: `${query.name} ${message.replace(/-?\d[\d.:e+-]*/g, '#')}`,
  });
}

function noteFinding(query: PlacedQuery, severity: 'warning' | 'info', text: string): Finding {
  const message = `${query.name}: the server answers with ${severity === 'info' ? 'an info' : 'a warning'}: ${text}`;
  return finding({
    rule: `smoke/api-${severity}`,
    severity,
    message,
    ...placeOf(query),
    subject: `${query.name} ${text}`,
  });
}
