import type { CaseReport, StageReport } from '../gate/index.ts';

/** The cases of a stage that did not pass. */
export function failedCases(stage: StageReport): CaseReport[] {
  return stage.cases.filter(({ outcome }) => outcome === 'fail' || outcome === 'error');
}

/**
 * The failed cases that the findings of the stage do not tell already. A stage reports what failed in a case as
 * findings too, on the very line of the assertion; said twice, it would look like twice as much to mend, and take the
 * room of other annotations.
 */
export function untoldCases(stage: StageReport): CaseReport[] {
  return failedCases(stage).filter((item) => !isTold(item, stage));
}

function isTold({ message, name, file }: CaseReport, stage: StageReport): boolean {
  if (message === undefined) return false;
  const about = stage.findings.filter((finding) =>
    file === undefined ? finding.message.includes(name) : finding.file === file && finding.severity === 'error',
  );
  const told = about.map((finding) => finding.message).join('\n');
  return about.length > 0 && message.split('\n').every((line) => told.includes(line.trim()));
}
