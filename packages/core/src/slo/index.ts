export * from './metric/index.ts';
export * from './slice/index.ts';
export * from './spec/index.ts';
export * from './verdict/index.ts';
