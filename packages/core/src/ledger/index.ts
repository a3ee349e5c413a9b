export * from './branch-key.ts';
export * from './chain.ts';
export * from './check-proof.ts';
export type { LeaseClaims } from './claims.ts';
export * from './entry.ts';
export * from './lease.ts';
export * from './port.ts';
export type * from './proof.ts';
export * from './seal.ts';
