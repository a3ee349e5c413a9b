import { finding, nearest, type Finding } from '../kernel/index.ts';
import type { Directive, Directives } from './directives.ts';

export type Suppression = {
  readonly kept: readonly Finding[];
  /** How many findings a comment with a reason took away. */
  readonly suppressed: number;
  /** What is wrong with the comments themselves. */
  readonly problems: readonly Finding[];
};

/** Ids of all lint rules, and of those that ran. */
export type RuleIds = { readonly known: readonly string[]; readonly active: readonly string[] };

/**
 * Takes away the findings that a `disable` comment with a reason speaks for.
 * A comment without a reason, with an unknown rule, or one that takes nothing away is a finding itself, and the
 * first two take nothing away.
 */
export function suppress(findings: readonly Finding[], directives: Directives, ids: RuleIds): Suppression {
  const problems: Finding[] = [];
  const used = new Set<string>();
  const active = directives.valid.filter((directive) => directive.reason !== '');
  const byFile = new Map<string, (Directive & { readonly at: number })[]>();
  for (const [at, directive] of active.entries()) {
    const list = byFile.get(directive.file.path) ?? [];
    list.push({ ...directive, at });
    byFile.set(directive.file.path, list);
  }
  const kept = findings.filter((item) => {
    const covering = (byFile.get(item.file ?? '') ?? []).filter((one) => covers(one, item));
    for (const one of covering) used.add(`${one.at}/${item.rule}`);
    return covering.length === 0;
  });
  for (const one of directives.broken) problems.push(malformed(one.file.path, one.comment, one.text));
  for (const one of directives.valid) {
    if (one.reason === '') problems.push(withoutReason(one));
    problems.push(...one.ids.filter((id) => !ids.known.includes(id)).map((id) => unknownId(one, id, ids.known)));
  }
  for (const [at, one] of active.entries()) {
    const idle = one.ids.filter((id) => ids.active.includes(id) && !used.has(`${at}/${id}`));
    problems.push(...idle.map((id) => unused(one, id)));
  }
  return { kept, suppressed: findings.length - kept.length, problems };
}

function covers({ ids, lines }: Directive, { rule, range }: Finding): boolean {
  if (!ids.includes(rule)) return false;
  return range === undefined ? lines.last === Infinity : lines.first <= range.line && range.line <= lines.last;
}

function malformed(file: string, range: Directive['comment'], text: string): Finding {
  return finding({
    rule: 'lint/disable-unknown',
    severity: 'warning',
    message: `The comment \`obsgate: ${text}\` is not understood and has no effect.`,
    help: 'Write `# obsgate: disable=<rule>[,<rule>] <reason>`, or `disable-file=` for the whole file.',
    file,
    range,
    subject: text,
  });
}

function withoutReason({ file, comment, ids }: Directive): Finding {
  const list = ids.join(',');
  return finding({
    rule: 'lint/disable-without-reason',
    severity: 'error',
    message: `\`disable=${list}\` gives no reason, so it has no effect: the next reader cannot tell whether it still holds.`,
    help: `Write why after the rule: \`# obsgate: disable=${list} <reason>\`.`,
    file: file.path,
    range: comment,
    subject: list,
  });
}

function unknownId({ file, comment }: Directive, id: string, known: readonly string[]): Finding {
  const near = nearest(id, known);
  return finding({
    rule: 'lint/disable-unknown',
    severity: 'warning',
    message: `\`${id}\` is no lint rule, so this comment does not disable it.`,
    help: near === undefined ? 'Each rule has a page in docs/rules.' : `Did you mean \`${near}\`?`,
    file: file.path,
    range: comment,
    subject: id,
  });
}

function unused({ file, comment }: Directive, id: string): Finding {
  return finding({
    rule: 'lint/disable-unused',
    severity: 'warning',
    message: `Nothing here breaks \`${id}\`; left in place, this comment would hide the next finding.`,
    help: `Remove \`${id}\` from the comment.`,
    file: file.path,
    range: comment,
    subject: id,
  });
}
