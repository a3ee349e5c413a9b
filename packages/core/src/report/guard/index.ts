export * from './markdown.ts';
export * from './text.ts';
