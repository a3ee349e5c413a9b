export { askServer, type Answered, type AskOptions } from './ask.ts';
export * from './ask-shared.ts';
export * from './dump.ts';
