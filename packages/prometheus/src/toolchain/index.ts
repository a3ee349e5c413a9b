export { defaultCacheDir } from './cache.ts';
export * from './model.ts';
export * from './toolchain.ts';
export * from './server-tools.ts';
