export * from './lease-content.ts';
export type {
  Clock,
  MergeOutcome,
  MergePorts,
  MergeReport,
  MergeTask,
  RelaxState,
  RestoreState,
  StepName,
  StepReport,
} from './model.ts';
export { runMerge, STEPS } from './run.ts';
export * from './finish.ts';
