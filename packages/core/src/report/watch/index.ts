export * from './chart-svg.ts';
export * from './exit-code.ts';
export * from './json.ts';
export * from './markdown.ts';
export * from './mermaid.ts';
export * from './sparkline.ts';
export * from './text.ts';
