import { verdicts } from './check-rules.ts';
import { parseMessage, parseMessages } from './message.ts';
import type { FileVerdict, PromtoolMessage, PromtoolOutput } from './output.ts';
import { asides, failedBlocks, type FailedBlock, sectionsOf } from './sections.ts';

export type CheckConfigReport = {
  readonly exitCode: number;
  /** promtool's verdict on the configuration file itself; undefined when it did not come to it. */
  readonly config: FileVerdict | undefined;
  /** The rule files that the configuration named, each with its own verdict. */
  readonly ruleFiles: readonly FileVerdict[];
  readonly messages: readonly PromtoolMessage[];
};

/** Reads the output of `promtool check config FILE` (one file), of every release from 2.42. */
export function parseCheckConfig(output: PromtoolOutput): CheckConfigReport {
  const [head, ...ruleSections] = sectionsOf(output.stdout, /^Checking (.+)$/);
  const blocks = failedBlocks(output.stderr);
  // Faults of the configuration stand on the line of FAILED itself, those of rule files below it.
  const own = blocks.filter(({ inline }) => inline !== undefined);
  const { files, unattributed } = verdicts(
    ruleSections,
    blocks.filter(({ inline }) => inline === undefined),
  );
  const messages = [...asides(output), ...unattributed];
  if (head === undefined) return { exitCode: output.exitCode, config: undefined, ruleFiles: files, messages };
  const valid = head.lines.some((line) => /^ *SUCCESS: .* is valid prometheus config/.test(line));
  const config: FileVerdict = {
    file: head.file,
    verdict: !valid ? 'failed' : own.length > 0 ? 'lint' : 'ok',
    messages: own.flatMap((block) => configMessages(block, head.file, valid)),
  };
  return { exitCode: output.exitCode, config, ruleFiles: files, messages };
}

function configMessages({ inline = '', lines }: FailedBlock, file: string, valid: boolean): PromtoolMessage[] {
  const text = stripHeading(inline, file);
  const read = /(?:^|: )yaml: /.test(text)
    ? parseMessages([text, ...lines], file)
    : [parseConfigFault(text, lines, file)];
  const kindOf = ({ kind }: PromtoolMessage): PromtoolMessage['kind'] => (kind === 'other' ? 'config' : kind);
  return read.map((message) => Object.assign(message, { file, kind: valid ? 'lint' : kindOf(message) }));
}

// `parsing YAML file x.yml: …` stands before faults of meaning too, not only of syntax.
function stripHeading(text: string, file: string): string {
  for (const heading of [`parsing YAML file ${file}: `, `couldn't load configuration (--config.file=${file}): `]) {
    if (text.startsWith(heading)) return text.slice(heading.length);
  }
  return text;
}

function parseConfigFault(text: string, lines: readonly string[], file: string): PromtoolMessage {
  const more = lines.map((line) => line.trim()).filter((line) => line !== '');
  const { kind } = parseMessage(text, file);
  return { kind, message: [text, ...more].join('\n') };
}
