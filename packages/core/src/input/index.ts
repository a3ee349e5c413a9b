export * from './parse-input.ts';
export * from './parse-yaml.ts';
export * from './yaml-tokens.ts';
