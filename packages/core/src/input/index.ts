export * from './parse-input.ts';
