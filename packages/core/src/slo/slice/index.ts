export * from './count-slices.ts';
export * from './coverage.ts';
export * from './grid.ts';
export * from './model.ts';
export * from './read-answer.ts';
export * from './synthetic.ts';
export * from './value-slices.ts';
