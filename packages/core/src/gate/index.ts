export * from './load-project.ts';
export * from './ports.ts';
export * from './project.ts';
export * from './promtool-port.ts';
export * from './report.ts';
export * from './rule-file-paths.ts';
export * from './run-gate.ts';
export * from './reload/index.ts';
