export * from './common.ts';
export * from './definition.ts';
export * from './gate-action.ts';
export * from './generate.ts';
export * from './input-schemas.ts';
export * from './inputs.ts';
export * from './outputs.ts';
export * from './run.ts';
