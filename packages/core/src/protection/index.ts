export * from './canonical.ts';
export * from './edit.ts';
export * from './model.ts';
export type * from './port.ts';
