export * from './comment.ts';
export * from './merged-pulls.ts';
export * from './slo-files.ts';
