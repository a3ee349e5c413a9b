import type { ChangedFile, FileSide } from '../changed-file.ts';
import { pathsOf } from '../denials.ts';
import { allows, denies } from '../glob.ts';
import { re2Found } from '../pattern.ts';
import { quoted, visible, type PolicyProblem } from '../problem.ts';
import type { Rulepack } from '../schema.ts';
import { HELM_RULES } from './helm.ts';
import { PROMETHEUS_RULES } from './prometheus.ts';
import type { ContentRule, TextChange } from './rules.ts';
import { TERRAFORM_RULES } from './terraform.ts';
import { TEXT_RULES } from './text.ts';

export const ALL_CONTENT_RULES: readonly ContentRule[] = [
  ...TERRAFORM_RULES,
  ...HELM_RULES,
  ...PROMETHEUS_RULES,
  ...TEXT_RULES,
];

/** Longer texts are not looked into; GitHub shows no more of a file by GraphQL either. */
const MAX_TEXT = 512_000;

/**
 * What the changed files hold that may not merge without a person: the built-in rules for each type of file but for
 * those that the scenario permits, and the scenario's own forbidden expressions. A text that could not be read is a
 * problem for every rule that would have had to see it.
 */
export function contentProblems(files: readonly ChangedFile[], pack: Rulepack): PolicyProblem[] {
  return files.flatMap((file) => fileProblems(file, pack));
}

function fileProblems(file: ChangedFile, pack: Rulepack): PolicyProblem[] {
  const paths = pathsOf(file);
  const rules = ALL_CONTENT_RULES.filter(({ id, applies }) => paths.some(applies) && !permitted(id, paths, pack));
  const forbidding = pack.content.filter(
    ({ files: globs, forbid }) =>
      forbid !== undefined && globs.some((glob) => paths.some((path) => denies(glob, path))),
  );
  if (rules.length + forbidding.length === 0) return [];
  const change = textChange(file);
  if (change.kind === 'binary') return binaryProblems(file, rules);
  if (change.kind === 'unread') {
    const message = `what changed in ${quoted(file.path)} could not be read: ${change.why}`;
    const help = 'Run it again; if it stays, let a person merge it.';
    return [{ code: 'content_unread', message, subject: file.path, help }];
  }
  return [
    ...found(rules, change.text).map(({ rule, what }) => forbidden(file, what, rule.why, rule.id, pack)),
    ...forbidding.flatMap(({ forbid, because }) => {
      const line = newLines(change.text).find((each) => re2Found(forbid ?? '', each));
      return line === undefined
        ? []
        : [
            forbidden(
              file,
              `the line ${quoted(line.trim().slice(0, 80))} matches ${quoted(forbid ?? '')}`,
              because,
              null,
              pack,
            ),
          ];
    }),
  ];
}

/** What the rules find, each phrase once: several rules may say that a file cannot be read. */
function found(rules: readonly ContentRule[], text: TextChange): { rule: ContentRule; what: string }[] {
  const all = rules.flatMap((rule) => rule.check(text).map((what) => ({ rule, what })));
  return all.filter((each, index) => all.findIndex(({ what }) => what === each.what) === index);
}

/** A permit counts when its globs allow both names of a rename. */
function permitted(id: string, paths: readonly string[], pack: Rulepack): boolean {
  return pack.content.some(
    ({ permit, files: globs }) => permit === id && paths.every((path) => globs.some((glob) => allows(glob, path))),
  );
}

type Read = { kind: 'text'; text: TextChange } | { kind: 'binary' } | { kind: 'unread'; why: string };

function textChange({ path, before, after }: ChangedFile): Read {
  const sides = [textOf(before), textOf(after)];
  const unread = sides.find((side) => side.kind === 'unread');
  if (unread !== undefined) return unread;
  if (sides[1]?.kind === 'binary') return { kind: 'binary' };
  const [left, right] = sides.map((side) => (side.kind === 'text' ? side.text : null));
  return { kind: 'text', text: { path, before: left ?? null, after: right ?? null } };
}

type Side = { kind: 'text'; text: string | null } | { kind: 'binary' } | { kind: 'unread'; why: string };

function textOf(side: FileSide | null): Side {
  if (side === null) return { kind: 'text', text: null };
  const { content } = side;
  if (content.kind === 'text' && content.text.length > MAX_TEXT)
    return { kind: 'unread', why: `it is longer than ${MAX_TEXT} characters` };
  return content;
}

/** A binary file is only harmless where no rule but the one for secrets would have looked into it. */
function binaryProblems(file: ChangedFile, rules: readonly ContentRule[]): PolicyProblem[] {
  const rule = rules.find(({ id }) => id !== 'text/secret');
  if (rule === undefined) return [];
  const message = `${quoted(file.path)} is binary where a text is expected, so that ${rule.id} cannot look into it`;
  return [{ code: 'content_unread', message, subject: file.path, help: 'Let a person merge it.' }];
}

function newLines({ before, after }: TextChange): string[] {
  const known = new Set((before ?? '').split('\n'));
  return (after ?? '').split('\n').filter((line) => !known.has(line));
}

function forbidden(file: ChangedFile, what: string, why: string, id: string | null, pack: Rulepack): PolicyProblem {
  const rule = id === null ? pack.file : id;
  const lift =
    id === null
      ? ''
      : ` To allow it for good, add content: [{ permit: ${id}, files: [...], because: ... }] to ${pack.file}.`;
  return {
    code: 'content_forbidden',
    message: `${quoted(file.path)}: ${visible(what)} (${rule}): ${why}`,
    subject: file.path,
    help: `Let a person merge it, or leave this part out.${lift}`,
  };
}
