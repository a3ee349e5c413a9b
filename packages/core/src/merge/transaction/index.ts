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
