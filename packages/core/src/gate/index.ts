export * from './ports.ts';
export * from './project.ts';
export * from './report.ts';
export * from './run-gate.ts';
export * from './promtool-port.ts';
