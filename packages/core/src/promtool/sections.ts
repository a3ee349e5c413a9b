import type { PromtoolMessage, PromtoolOutput } from './output.ts';

/** One `Checking FILE` (or `Unit Testing:  FILE`) of stdout with the lines below it. */
export type Section = { readonly file: string; readonly lines: readonly string[] };

/** One `FAILED:` of stderr: text on its own line (`inline`) or the lines below it. */
export type FailedBlock = { readonly inline: string | undefined; readonly lines: readonly string[] };

/** Splits stdout at its headings. promtool 2.55 and later print none for unit tests. */
export function sectionsOf(stdout: string, heading: RegExp): Section[] {
  const sections: { file: string; lines: string[] }[] = [];
  for (const line of linesOf(stdout)) {
    const match = heading.exec(line);
    if (match !== null) sections.push({ file: match[1] ?? '', lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections;
}

/** Splits stderr into what failed; promtool names no file there, only the order tells. */
export function failedBlocks(stderr: string): FailedBlock[] {
  const blocks: { inline: string | undefined; lines: string[] }[] = [];
  for (const line of linesOf(stderr)) {
    if (isAside(line)) continue;
    const match = /^ *FAILED:(.*)$/.exec(line);
    const inline = match?.[1]?.trim();
    if (match !== null) blocks.push({ inline: inline === '' ? undefined : inline, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks;
}

/** `promtool: error: …` and `WARNING: …`: what is about the run, not about one file. */
export function asides({ stdout, stderr }: PromtoolOutput): PromtoolMessage[] {
  return linesOf(`${stdout}\n${stderr}`).flatMap((line): PromtoolMessage[] => {
    const usage = /^promtool: error: (.*?)(?:, try --help)?$/.exec(line);
    if (usage !== null) return [{ kind: 'usage', message: usage[1] ?? '' }];
    const warning = /^\s*WARNING: (.*)$/.exec(line);
    return warning === null ? [] : [{ kind: 'warning', message: warning[1] ?? '' }];
  });
}

// Releases 3.x end the warning about an unknown feature without a line break, so the next line is glued to it.
function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    if (!/^ {2}WARNING: Unknown feature/.test(line)) return [line];
    return line.split(/(?<=\S)(?= {2}(?:WARNING|FAILED):|Checking |Unit Testing: )/);
  });
}

function isAside(line: string): boolean {
  return /^promtool: error: |^\s*WARNING: /.test(line);
}
