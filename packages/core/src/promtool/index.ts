export * from './known-defects.ts';
export * from './version.ts';
