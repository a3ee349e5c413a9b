export * from './entry.ts';
export * from './lease.ts';
export * from './port.ts';
export type * from './proof.ts';
