import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './child.ts';
import { coldStartBench } from './cold-start.ts';
import { gateBench } from './gate.ts';
import { mergeBench } from './merge.bench.ts';
import type { BenchRow } from './rows.ts';
import { sloBench } from './slo.ts';

const benches: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  'cold-start': coldStartBench,
  gate: gateBench,
  merge: mergeBench,
  slo: sloBench,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`unknown bench ${unknown.join(', ')}; known: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const measured = await bench();
  rows.push(...measured);
  for (const row of measured) console.log(line(row));
}
await mkdir(join(root, 'bench'), { recursive: true });
await writeFile(join(root, 'bench/results.json'), `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);

function line({ bench, name, value, unit, goal }: BenchRow): string {
  const figure = `${value.toFixed(2)} ${unit}`.padStart(14);
  return `${bench.padEnd(36)} ${figure}  ${name}${goal === undefined ? '' : ` (goal: at most ${goal} ${unit})`}`;
}
