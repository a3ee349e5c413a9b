export * from './lint-files.ts';
export * from './options.ts';
export * from './run-gate.ts';
