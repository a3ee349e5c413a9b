import { parseMessages } from './message.ts';
import type { FileVerdict, PromtoolMessage, PromtoolOutput } from './output.ts';
import { asides, failedBlocks, type FailedBlock, type Section, sectionsOf } from './sections.ts';

export type CheckRulesReport = {
  readonly exitCode: number;
  /** In the order of the command line; a file that promtool did not come to is absent. */
  readonly files: readonly FileVerdict[];
  /** What belongs to no file: refusals of the command line, warnings, and output that could not be attributed. */
  readonly messages: readonly PromtoolMessage[];
};

const HEADING = /^Checking (.+)$/;

/** Reads the output of `promtool check rules FILE...`, of every release from 2.42. */
export function parseCheckRules(output: PromtoolOutput): CheckRulesReport {
  const { files, unattributed } = verdicts(sectionsOf(output.stdout, HEADING), failedBlocks(output.stderr));
  return { exitCode: output.exitCode, files, messages: [...asides(output), ...unattributed] };
}

/** Joins the headings of stdout with the failures of stderr, which come in the same order. */
export function verdicts(
  sections: readonly Section[],
  blocks: readonly FailedBlock[],
): { files: FileVerdict[]; unattributed: PromtoolMessage[] } {
  const failing = sections.filter((section) => ruleCount(section) === undefined);
  // Releases 2.46 and 2.47 print no failures at all, and exit with 0: a file without SUCCESS has failed all the same.
  // https://github.com/prometheus/prometheus/issues/12663
  const inStep = failing.length === blocks.length;
  let next = 0;
  const files = sections.map((section): FileVerdict => {
    const rules = ruleCount(section);
    if (rules !== undefined) return { file: section.file, verdict: 'ok', rules, messages: [] };
    const block = inStep ? blocks[next++] : undefined;
    const messages = block === undefined ? [] : messagesOf(block, section.file);
    const onlyLint = messages.length > 0 && messages.every(({ kind }) => kind === 'duplicate' || kind === 'lint');
    return { file: section.file, verdict: onlyLint ? 'lint' : 'failed', messages };
  });
  return { files, unattributed: inStep ? [] : blocks.flatMap((block) => messagesOf(block, undefined)) };
}

function messagesOf({ inline, lines }: FailedBlock, file: string | undefined): PromtoolMessage[] {
  return parseMessages(inline === undefined ? lines : [inline, ...lines], file);
}

function ruleCount({ lines }: Section): number | undefined {
  for (const line of lines) {
    const match = /^ *SUCCESS: (\d+) rules found/.exec(line);
    if (match !== null) return Number(match[1]);
  }
  return undefined;
}
