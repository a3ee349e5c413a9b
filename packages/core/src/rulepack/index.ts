export * from './changed-file.ts';
