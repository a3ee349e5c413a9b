export * from './literal.ts';
export * from './matcher.ts';
export * from './model.ts';
export * from './names.ts';
export * from './number.ts';
export * from './parse.ts';
export * from './walk.ts';
