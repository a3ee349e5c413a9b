import type { Fact } from '../gate/index.ts';

/** A time for people: `410 ms`, `2.31 s`, `1 min 5 s`. */
export function formatTime(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_995) return `${(milliseconds / 1000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 error`, `3 errors`; thousands are set apart: `10,002 rules`. */
export function count(amount: number, noun: string): string {
  return `${formatNumber(amount)} ${amount === 1 ? singular(noun) : noun}`;
}

/** Facts that are shares of a hundred. */
const PERCENTAGES = new Set(['coverage']);

/** Tallies of the unusual: none of it is no news. */
const SILENT_AT_ZERO = new Set(['suppressed', 'baseline', 'failed', 'missing']);

/** The facts of a stage as phrases: `23 files`, `31 groups`, `server: 2.54.1`, `coverage 96.2 %`. */
export function factPhrases(facts: Readonly<Record<string, Fact>>): string[] {
  return Object.entries(facts).flatMap(([name, fact]) => factPhrase(name.replace(/[_-]/g, ' '), fact));
}

function factPhrase(name: string, fact: Fact): string[] {
  if (typeof fact === 'number') return numberPhrase(name, fact);
  if (typeof fact === 'boolean') return [`${name}: ${fact ? 'yes' : 'no'}`];
  const text = typeof fact === 'string' ? fact : fact.join(', ');
  return text === '' ? [] : [`${name}: ${text}`];
}

function numberPhrase(name: string, fact: number): string[] {
  if (PERCENTAGES.has(name)) return [`${name} ${formatNumber(fact)} %`];
  if (fact === 0 && SILENT_AT_ZERO.has(name)) return [];
  if (!Number.isInteger(fact)) return [`${name}: ${formatNumber(fact)}`];
  return [name === 'baseline' ? `${formatNumber(fact)} in the baseline` : count(fact, name)];
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return noun.endsWith('s') && !noun.endsWith('ss') ? noun.slice(0, -1) : noun;
}
