export * from './load.ts';
export * from './model.ts';
