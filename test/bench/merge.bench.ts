import { runMerge } from '@obsgate/core/merge';
import { planPull } from '@obsgate/github/merge';
import { ledgerPort } from '@obsgate/github/ledger';
import { clientOf, portsOf, protectFor, RUN, RUNG_CASES, startStage, taskFor, type RungCase } from '../merge/stage.ts';
import type { BenchRow } from './rows.ts';

const LATENCIES_MS = [50, 200, 800] as const;
/** Requests that open and close a window; what lies between the first and the last is the time in the window. */
const WINDOW = /required_pull_request_reviews|updateBranchProtectionRule|rulesets\/\{ruleset_id\}$/;

type Merge = { readonly requests: number; readonly inWindow: number; readonly windowMs: number; readonly ms: number };

/** Requests of a decision and of a merge, and requests and time in the window by the latency of GitHub's answers. */
export async function mergeBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [await evaluationRow()];
  for (const rung of RUNG_CASES) {
    const name = `${rung.rung}, ${rung.kind}`;
    const still = await measure(rung, 0);
    rows.push({
      bench: `requests of a merge: ${name}`,
      name: 'with ledger',
      value: still.requests,
      unit: 'requests',
      goal: 25,
    });
    if (rung.rung !== 'add-bypass' && rung.rung !== 'lower-field') continue;
    rows.push({
      bench: `requests in the window: ${name}`,
      name: 'after the edit',
      value: still.inWindow,
      unit: 'requests',
      goal: 3,
    });
    for (const latency of LATENCIES_MS) {
      const { windowMs } = await measure(rung, latency);
      const bench = `window at ${latency} ms: ${name}`;
      rows.push({ bench, name: 'open', value: windowMs, unit: 'ms' });
      rows.push({ bench, name: 'open, in answers of GitHub', value: windowMs / latency, unit: 'x' });
    }
  }
  return rows;
}

async function evaluationRow(): Promise<BenchRow> {
  const stage = await startStage({ mergeableNullReads: 0 });
  try {
    protectFor({ rung: 'add-bypass', kind: 'ruleset' }, stage);
    const client = await clientOf(stage);
    const ports = portsOf(client, stage);
    stage.double.clearRequests();
    const request = { pull: stage.pull.number, trigger: { kind: 'checks' }, headSha: null } as const;
    const planned = await planPull(request, { ...ports, client, merger: { kind: 'app', ...stage.app } });
    if (planned.kind === 'refused' || planned.plan.outcome !== 'pass') throw new Error(JSON.stringify(planned));
    const value = stage.double.requests.length;
    return { bench: 'requests of a decision', name: 'labels, ruleset', value, unit: 'requests', goal: 14 };
  } finally {
    await stage.double.close();
  }
}

async function measure(rung: RungCase, latency: number): Promise<Merge> {
  const stage = await startStage({ mergeableNullReads: 0 });
  try {
    protectFor(rung, stage);
    const client = await clientOf(stage);
    const run = { ...RUN, url: '' };
    const ports = portsOf(client, stage, { ledger: ledgerPort(client, { actor: 'obsgate[bot]', run }) });
    // The ledger is there already in all runs but the first of all.
    await ports.ledger.append([{ stage: 'gate', result: 'pass', reasons: [], ctx: {} }]);
    const task = await taskFor(stage, ports, rung);
    stage.double.setLatency(latency);
    stage.double.clearRequests();
    const start = performance.now();
    const report = await runMerge(task, ports, new AbortController().signal);
    if (report.outcome !== 'pass') throw new Error(JSON.stringify(report.reasons));
    const ms = performance.now() - start;
    const log = stage.double.requests;
    const writes = log.flatMap(({ method, route, operation }, at) =>
      method !== 'GET' && WINDOW.test(`${route ?? ''} ${operation ?? ''}`.trim()) ? [at] : [],
    );
    const inWindow = (writes.at(-1) ?? 0) - (writes[0] ?? 0);
    return { requests: log.length, inWindow, windowMs: report.windowMs ?? 0, ms };
  } finally {
    await stage.double.close();
  }
}
