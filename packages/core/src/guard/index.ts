export * from './drift.ts';
export * from './finish-lease.ts';
export * from './finish-open-leases.ts';
export * from './report.ts';
