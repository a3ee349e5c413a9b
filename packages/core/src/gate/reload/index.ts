export * from './compare-rules.ts';
export * from './isolate-config.ts';
export * from './live.ts';
export * from './run-live-reload.ts';
export * from './run-reload-dry-run.ts';
export * from './sandbox-files.ts';
export * from './sandbox-port.ts';
