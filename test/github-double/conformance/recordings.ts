import { existsSync, readFileSync } from 'node:fs';

/** One exchange with api.github.com as somebody recorded it. */
export type Recording = {
  /** Where it was recorded; names it in patches and messages. */
  readonly src: string;
  readonly method: string;
  readonly path: string;
  readonly reqBody: unknown;
  readonly status: number;
  readonly resBody: unknown;
};

const file = new URL('../../../../shared/recordings/github-rest.jsonl', import.meta.url);

/** Whether the recordings are here; they are test data beside the repository, not part of it. */
export const haveRecordings = existsSync(file);

/** All recorded exchanges, in the order of the file; empty when there are none. */
export function readRecordings(): readonly Recording[] {
  if (!haveRecordings) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line): Recording => JSON.parse(line));
}

/** The recording's name without the parts that all have in common. */
export function shortName({ src }: Recording): string {
  return src
    .replace(/^hub4j\//u, '')
    .replace('/wiremock/', '/')
    .replace('/mappings/', '/')
    .replace(/\.json$/u, '');
}
