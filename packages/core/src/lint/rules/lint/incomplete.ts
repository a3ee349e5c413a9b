import { finding, rangeBetween, type Finding } from '../../../kernel/index.ts';
import type { LintRule } from '../../model.ts';

const MESSAGE = 'could not be read in full, so no lint rule has judged what is missing from it';

/** What cannot be loaded cannot be judged, and what was not judged has not passed. */
export const incomplete: LintRule = {
  id: 'lint/incomplete',
  summary: 'Every rule file can be read in full, so that the lint judges all of it.',
  docs: 'docs/rules/lint/incomplete.md',
  severity: 'error',
  reach: 'project',
  *check({ files }) {
    for (const file of files) {
      const cause = file.findings.find(hidesRules);
      if (cause === undefined) continue;
      yield {
        file: file.path,
        range: cause.range ?? rangeBetween(file.source, 0, 0),
        subject: 'incomplete',
        message: `The file ${MESSAGE} (${cause.rule}).`,
        help: `Repair what ${cause.rule} says: ${cause.help ?? cause.message}`,
      };
    }
  },
};

/**
 * Whether a finding of the loader means that rules of the server were not read. Rules that stand twice were read,
 * and a second YAML document is read by no server.
 */
export function hidesRules({ rule, severity }: Finding): boolean {
  return severity === 'error' && !/^rules\/(duplicate|duplicate-group|same-alert)$|\/second-document$/.test(rule);
}

/** The same for what is wrong with the repository outside of its rule files: an entry that names no file, a file that cannot be read. */
export function incompleteBecause(cause: Finding): Finding {
  return finding({
    rule: incomplete.id,
    severity: incomplete.severity,
    message: `The rules of the repository ${MESSAGE.replace('it', 'them')} (${cause.rule}): ${cause.message}`,
    ...(cause.help === undefined ? {} : { help: cause.help }),
    ...(cause.file === undefined ? {} : { file: cause.file }),
    ...(cause.range === undefined ? {} : { range: cause.range }),
    subject: `${cause.rule}/${cause.fingerprint}`,
  });
}
