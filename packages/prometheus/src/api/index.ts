export * from './client.ts';
export * from './http.ts';
export * from './options.ts';
