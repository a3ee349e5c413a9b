export * from './read-facts.ts';
