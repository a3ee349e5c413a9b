export * from './facts.ts';
export * from './request.ts';
export * from './verdict.ts';
export * from './ladder.ts';
export * from './ladder-input.ts';
export * from './merge-answer.ts';
export * from './pull-port.ts';
