export * from './check-config.ts';
export { type CheckRulesReport, parseCheckRules } from './check-rules.ts';
export * from './features.ts';
export * from './known-defects.ts';
export { parseMessage, parseMessages } from './message.ts';
export * from './output.ts';
export * from './test-rules.ts';
export * from './version.ts';
