import { judge, loadSlo, type CountSlice, type Merge, type Role, type WatchData } from '@obsgate/core/slo';
import type { BenchRow } from './rows.ts';
import { MERGED_AT, scenario, type Scenario } from './slo-scenarios.ts';

type Part = 'bad' | 'total';
type Point = readonly [at: number, value: string];

/** What is wrong with the data of a window; every one of them must be held or an error, whatever the service does. */
type Fault = {
  readonly points?: (points: readonly Point[], part: Part) => readonly Point[];
  readonly body?: (body: string, part: Part) => string | undefined;
  readonly merges?: readonly Merge[];
  /** Only a breach can be ambiguous. */
  readonly only?: 'broken';
};

const after = (at: number): boolean => at > MERGED_AT + 60;

const FAULTS: Readonly<Record<string, Fault>> = {
  'a third of the slices is lost': { points: (points) => points.filter(([at]) => (at / 60) % 3 >= 1 || !after(at)) },
  'half an hour is lost': {
    points: (points) => points.filter(([at]) => at < MERGED_AT + 1200 || at > MERGED_AT + 3000),
  },
  'the errors are not a number': {
    points: (points, part) => points.map(([at, value]) => [at, part === 'bad' ? 'NaN' : value]),
  },
  'the errors are absent': { points: (points, part) => (part === 'bad' ? [] : points) },
  'more errors than requests': {
    points: (points, part) => points.map(([at, value]) => [at, part === 'bad' ? '9e9' : value]),
  },
  'negative counts after a reset': {
    points: (points) => points.map(([at, value]) => [at, after(at) ? `-${value}` : value]),
  },
  'a recorded constant': { points: (points, part) => points.map(([at]) => [at, part === 'bad' ? '7' : '9000']) },
  'no traffic': { points: (points) => points.map(([at]) => [at, '0']) },
  'the server is gone': { body: (body, part) => (part === 'bad' ? undefined : body) },
  'the server refuses': { body: () => '{"status":"error","errorType":"timeout","error":"query timed out"}' },
  'a partial answer': { body: (body) => body.replace('{', '{"warnings":["a store did not answer"],') },
  'two series': { body: (body) => body.replace(/"result":\[(.*)\]/, '"result":[$1,$1]') },
  'two merges at once': { merges: [mergeAt(0, 1), mergeAt(90, 2)], only: 'broken' },
};

/** Windows whose data are at fault, through the whole judge: how many were decided all the same. */
export function faultRows(rounds: number): BenchRow[] {
  let [decided, all] = [0, 0];
  for (const [name, fault] of Object.entries(FAULTS)) {
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const world of fault.only === 'broken' ? ['step'] : ['step', 'calm']) {
        const { outcome } = judged(scenario(world, 20, round * 31 + 5), fault);
        all++;
        if (outcome === 'breach' || outcome === 'pass') wrong.push(`${world}: ${outcome}`);
      }
    }
    decided += wrong.length;
    if (wrong.length > 0) console.log(`data at fault, ${name}: ${wrong.join(', ')}`);
  }
  return [
    {
      bench: 'slo, data at fault',
      name: `decided all the same, of ${all} windows`,
      value: (100 * decided) / all,
      unit: '%',
      goal: 0,
    },
  ];
}

function judged(item: Scenario, fault: Fault): ReturnType<typeof judge> {
  const objective = `{ bad: 'sum(increase(e_total[1m]))', total: 'sum(increase(r_total[1m]))', max: ${item.limit} }`;
  return judge(loadSlo('bench.yml', `slo:\n  errors: ${objective}\n`), dataOf(item, fault), {
    mergedAt: MERGED_AT,
    now: MERGED_AT + 7230,
  });
}

function dataOf(item: Scenario, fault: Fault): WatchData {
  const bodyOf = (part: Part): string | undefined => {
    const points = [...item.baseline, ...item.watch].flatMap((slice) => pointOf(slice, part));
    const body = JSON.stringify({
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: {}, values: fault.points?.(points, part) ?? points }] },
    });
    return fault.body === undefined ? body : fault.body(body, part);
  };
  const bodies: Partial<Record<Role, string | undefined>> = { bad: bodyOf('bad'), total: bodyOf('total') };
  return { scrapeSeconds: 15, merges: fault.merges ?? [mergeAt(0, 1)], body: (_, role) => bodies[role] };
}

function pointOf({ end, counts }: CountSlice, part: Part): Point[] {
  return counts.kind === 'value' ? [[end, String(part === 'bad' ? counts.bad : counts.requests)]] : [];
}

function mergeAt(seconds: number, pr: number): Merge {
  return { pr, sha: undefined, mergedAt: MERGED_AT + seconds, deployedAt: undefined };
}
