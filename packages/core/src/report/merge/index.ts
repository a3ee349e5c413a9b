export * from './json.ts';
export * from './markdown.ts';
export * from './text.ts';
export * from './view.ts';
