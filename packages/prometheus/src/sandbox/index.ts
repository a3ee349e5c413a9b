export * from './backfill.ts';
export * from './log-lines.ts';
export * from './program.ts';
export * from './pushgateway.ts';
export * from './wall-clock.ts';
export * from './wanted.ts';
export * from './git-files.ts';
