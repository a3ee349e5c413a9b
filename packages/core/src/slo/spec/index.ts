export * from './load.ts';
export * from './model.ts';
export { ON_MISSING, sloSchema, type SloFile } from './schema.ts';
