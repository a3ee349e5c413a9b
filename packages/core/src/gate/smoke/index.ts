export * from './judge-query.ts';
export * from './load-smoke-files.ts';
export * from './run-smoke-query.ts';
export * from './schema.ts';
