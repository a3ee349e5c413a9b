import type { Range, RelatedPlace } from '../kernel/index.ts';
import { usesRealm, writtenRange } from './realm.ts';
import type { StageReport } from './report.ts';

type Place = { readonly file?: string; readonly range?: Range };

/**
 * The report with places in the files as they are written: stages judge texts with the realm in the place of
 * `${REALM}`, which moves what follows on the line.
 *
 * @param textOf - Text of a file of the repository; undefined when it was not read.
 */
export function asWritten(
  report: StageReport,
  templated: ReadonlySet<string>,
  realm: string,
  textOf: (path: string) => string | undefined,
): StageReport {
  const placed = <T extends Place>(item: T, isSubstituted: boolean): T => {
    const { file, range } = item;
    if (file === undefined || range === undefined || !isSubstituted) return item;
    const text = textOf(file);
    return text === undefined || !usesRealm(text) ? item : { ...item, range: writtenRange(range, text, realm) };
  };
  const inRules = (file: string | undefined): boolean => file !== undefined && templated.has(file);
  const related = (items: readonly RelatedPlace[]): RelatedPlace[] =>
    items.map((item) => placed(item, inRules(item.file)));
  return {
    ...report,
    // Unit tests are filled in as the rule files are.
    cases: report.cases.map((item) => placed(item, report.name === 'promql-unit')),
    findings: report.findings.map((item) => ({
      ...placed(item, inRules(item.file) || item.rule.startsWith('unit/')),
      ...(item.related === undefined ? {} : { related: related(item.related) }),
    })),
  };
}
