export * from './ports.ts';
export * from './read-facts.ts';
export * from './writer.ts';
