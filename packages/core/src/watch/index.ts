export * from './decide.ts';
export * from './glob.ts';
export type * from './model.ts';
export * from './record.ts';
export * from './windows.ts';
