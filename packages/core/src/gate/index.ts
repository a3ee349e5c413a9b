export * from './ports.ts';
export * from './project.ts';
export * from './report.ts';
