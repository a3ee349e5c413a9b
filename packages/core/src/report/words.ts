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

/** The facts of a stage as one phrase: `23 files, 31 groups, server: 2.54.1`. */
export function factPhrases(facts: Readonly<Record<string, Fact>>): string[] {
  return Object.entries(facts).map(([name, fact]) => factPhrase(name.replaceAll('_', ' '), fact));
}

function factPhrase(name: string, fact: Fact): string {
  if (typeof fact === 'number') return Number.isInteger(fact) ? count(fact, name) : `${name}: ${formatNumber(fact)}`;
  if (typeof fact === 'boolean') return `${name}: ${fact ? 'yes' : 'no'}`;
  return `${name}: ${typeof fact === 'string' ? fact : fact.join(', ')}`;
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}

function singular(noun: string): string {
  if (noun.endsWith('ies')) return `${noun.slice(0, -3)}y`;
  return noun.endsWith('s') && !noun.endsWith('ss') ? noun.slice(0, -1) : noun;
}
