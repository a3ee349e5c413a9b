export * from './exit-code.ts';
export * from './gate-schema.ts';
export * from './json.ts';
export * from './options.ts';
export * from './text.ts';
export * from './words.ts';
