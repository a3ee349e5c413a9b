import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runChild } from './child.ts';
import { inTurn, medianRatio, type BenchRow } from './rows.ts';

const ROUNDS = 15;

/** Each committed action from its start to its first input error, against a bare Node of the same version. */
export async function coldStartBench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const actions = readdirSync(join(root, 'dist')).filter((name) =>
    existsSync(join(root, 'actions', name, 'action.yml')),
  );
  for (const action of actions) {
    const env = { PATH: process.env['PATH'], INPUT_NONSENSE: 'x' };
    const times = await inTurn(ROUNDS, {
      bare: () => runChild(process.execPath, ['-e', '0']),
      action: () => runChild(process.execPath, [join(root, 'dist', action, 'index.js')], { env, allowed: [2] }),
    });
    const value = medianRatio(times.action, times.bare);
    rows.push({ bench: 'cold start', name: `${action}: first input error / bare Node`, value, unit: 'x', goal: 2.5 });
  }
  return rows;
}
