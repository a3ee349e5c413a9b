import { readObject, writeObject } from './objects.ts';

export type Person = { readonly name: string; readonly email: string; /** Unix seconds. */ readonly at: number };
export type Commit = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  readonly signature: string | null;
};
export type NewCommit = Omit<Commit, 'sha' | 'signature'> & { readonly signature?: string | null };

function personLine({ name, email, at }: Person): string {
  const clean = (text: string): string => text.replaceAll(/[<>\n]/g, '');
  return `${clean(name)} <${clean(email)}> ${at} +0000`;
}

export function writeCommit(gitDir: string, commit: NewCommit): string {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${personLine(commit.author)}`,
    `committer ${personLine(commit.committer)}`,
  ];
  if (commit.signature) lines.push(`gpgsig ${commit.signature.trimEnd().replaceAll('\n', '\n ')}`);
  return writeObject(gitDir, 'commit', Buffer.from(`${lines.join('\n')}\n\n${commit.message}`));
}

function parsePerson(line: string): Person {
  const match = /^(.*) <(.*)> (\d+) [+-]\d{4}$/.exec(line);
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', at: Number(match?.[3] ?? 0) };
}

export function readCommit(gitDir: string, sha: string): Commit | null {
  const object = readObject(gitDir, sha);
  if (object?.type !== 'commit') return null;
  const text = object.content.toString();
  const split = text.indexOf('\n\n');
  const headers = text.slice(0, split).replaceAll('\n ', '\n\u0000').split('\n');
  const all = (key: string): string[] =>
    headers.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const at = headers.findIndex((line) => line.startsWith('gpgsig '));
  let signature: string | null = null;
  if (at >= 0) {
    const rest = headers.slice(at + 1);
    const more = rest.slice(0, rest.findIndex((line) => !line.startsWith('\u0000')) >>> 0);
    signature = [headers[at]?.slice(7) ?? '', ...more.map((line) => line.slice(1))].join('\n');
  }
  return {
    sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parsePerson(all('author')[0] ?? ''),
    committer: parsePerson(all('committer')[0] ?? ''),
    message: text.slice(split + 2),
    signature,
  };
}
