import { finding, type Finding } from '../../kernel/index.ts';
import type { FileVerdict } from '../../promtool/index.ts';
import { rangeOf, type CheckedFile } from './findings.ts';
import type { VersionVerdicts } from './verdicts.ts';

/**
 * A file that one version accepts and another refuses: it breaks at the next upgrade, or works in the container only.
 * Both versions are named.
 */
export function versionDisagreements(
  authority: VersionVerdicts,
  others: readonly VersionVerdicts[],
  fileOf: (path: string) => CheckedFile | undefined,
): Finding[] {
  return others.flatMap((other) =>
    [...authority.files].flatMap(([path, verdict]) => {
      const theirs = other.files.get(path);
      const file = fileOf(path);
      if (theirs === undefined || file === undefined || refuses(verdict) === refuses(theirs)) return [];
      return [disagreement(file, authority.version, other.version, verdict, theirs)];
    }),
  );
}

function disagreement(
  file: CheckedFile,
  authority: string,
  other: string,
  ours: FileVerdict,
  theirs: FileVerdict,
): Finding {
  const [accepting, refusing, verdict] = refuses(ours) ? [other, authority, ours] : [authority, other, theirs];
  const [first] = verdict.messages;
  const range = first === undefined ? undefined : rangeOf(first, file);
  return finding({
    rule: 'promtool/version-disagreement',
    severity: 'error',
    message: `promtool ${accepting} accepts this file, promtool ${refusing} refuses it: ${first?.message ?? 'it does not say why'}`,
    help: `Write it so that both versions accept it, or take ${other} out of cross_check if it is never used.`,
    file: file.path,
    subject: `${authority}/${other}`,
    ...(range !== undefined && { range }),
  });
}

function refuses({ verdict }: FileVerdict): boolean {
  return verdict === 'failed';
}
