export * from './combine.ts';
export * from './dump.ts';
export * from './judge.ts';
export * from './model.ts';
