export * from './delete-branch.ts';
export * from './plan-pull.ts';
export * from './pull-port.ts';
export * from './read-config.ts';
