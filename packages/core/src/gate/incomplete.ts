import { finding, type Finding } from '../kernel/index.ts';
import { hidesRules } from '../lint/index.ts';

/**
 * What keeps a stage from seeing all rules of the server, as findings of that stage: what was not judged has not
 * passed, also where the stage runs alone. One for each file; the stage that found the cause says the rest.
 *
 * @param rule - Id of the finding, such as `smoke/incomplete`.
 * @param consequence - What was not done, such as `The queries were asked without these rules`.
 */
export function incompleteFindings(rule: string, causes: readonly Finding[], consequence: string): Finding[] {
  const seen = new Set<string>();
  return causes.filter(hidesRules).flatMap((cause) => {
    const key = cause.file ?? cause.fingerprint;
    if (seen.has(key) && cause.file !== undefined && cause.rule.startsWith('rules/')) return [];
    seen.add(key);
    return [
      finding({
        rule,
        severity: 'error',
        message: `${consequence} (${cause.rule}): ${cause.message}`,
        ...(cause.help === undefined ? {} : { help: cause.help }),
        ...(cause.file === undefined ? {} : { file: cause.file }),
        ...(cause.range === undefined ? {} : { range: cause.range }),
        subject: `${cause.rule}/${cause.fingerprint}`,
      }),
    ];
  });
}
