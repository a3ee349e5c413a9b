export * from './facts.ts';
export * from './request.ts';
export * from './verdict.ts';
