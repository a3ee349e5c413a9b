import type { GateReport } from '../gate/index.ts';

/** Exit codes of every command and action. */
export const EXIT = { pass: 0, fail: 1, usage: 2, undecided: 3, internal: 70 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Exit code of a gate's report: a stage that could not judge is undecided, a defect of our own is internal. */
export function gateExitCode(report: GateReport): ExitCode {
  if (report.outcome === 'pass') return EXIT.pass;
  if (report.outcome === 'fail') return EXIT.fail;
  const ours = report.stages.some((stage) => stage.reasons.some((reason) => reason.code === 'internal'));
  return ours ? EXIT.internal : EXIT.undecided;
}
