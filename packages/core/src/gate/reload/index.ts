export * from './isolate-config.ts';
export * from './sandbox-port.ts';
