export { requireShard } from './find-test-files.ts';
export * from './stage.ts';
