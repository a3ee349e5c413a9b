export * from './load.ts';
export * from './schema.ts';
export * from './range-of-key.ts';
