export * from './probe.ts';
export * from './promtool.ts';
export { type PromtoolRun, type RunToolOptions, runTool } from './run-tool.ts';
