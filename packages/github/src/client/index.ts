export * from './connect.ts';
export * from './failure.ts';
export type * from './model.ts';
