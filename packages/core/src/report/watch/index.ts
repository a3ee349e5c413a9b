export * from './exit-code.ts';
export * from './json.ts';
export * from './sparkline.ts';
export * from './text.ts';
