export * from './guard-repository.ts';
