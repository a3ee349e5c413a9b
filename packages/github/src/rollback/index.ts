export { readLedger } from './ledger.ts';
export * from './ports.ts';
export * from './read-facts.ts';
export * from './writer.ts';
export { gitEnvironment } from './git.ts';
export * from './three-way.ts';
