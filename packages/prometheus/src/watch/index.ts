export * from './ask.ts';
export * from './dump.ts';
