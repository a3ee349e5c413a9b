export * from './cleanups.ts';
export * from './run-process.ts';
export * from './start-process.ts';
export * from './temp-dir.ts';
