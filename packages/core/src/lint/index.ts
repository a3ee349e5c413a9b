export * from './baseline.ts';
export * from './changed.ts';
export * from './changed-lines.ts';
export * from './engine.ts';
export * from './model.ts';
export * from './registry.ts';
export * from './settings.ts';
export { hidesRules, incompleteBecause } from './rules/lint/incomplete.ts';
