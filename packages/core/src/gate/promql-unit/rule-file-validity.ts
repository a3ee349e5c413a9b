import { finding, type Finding, type Reason } from '../../kernel/index.ts';
import { incompleteFindings } from '../incomplete.ts';
import type { PromtoolPorts } from '../promtool-port.ts';
import { verdictFindings } from '../promtool-check/findings.ts';
import { checkedPaths } from '../promtool-check/inputs.ts';
import { verdictsOf } from '../promtool-check/verdicts.ts';
import type { TestedRules } from './rule-files.ts';

const RULE = 'unit/incomplete';
const CONSEQUENCE = 'Tests of this file prove nothing, since a server does not load it';

/** What cannot be read of the rule files of tests: a test sees only the rules that could be read. */
export function unreadRules(tested: readonly TestedRules[]): Finding[] {
  return tested.flatMap((item) => {
    if (item.kind === 'read') return incompleteFindings(RULE, item.file.findings, CONSEQUENCE).slice(0, 1);
    const message = `the rule file cannot be read (${item.detail}), so its tests prove nothing`;
    return [finding({ rule: RULE, severity: 'error', message, file: item.path, subject: item.detail })];
  });
}

/**
 * promtool's own verdict on the rule files of tests, whole and as they are written: what runs the tests are copies of
 * the rules that each test needs.
 */
export async function refusedRules(
  tested: readonly TestedRules[],
  ports: PromtoolPorts,
): Promise<{ readonly findings: Finding[]; readonly reasons: readonly Reason[] }> {
  if (ports.authority.kind === 'unavailable') return { findings: [], reasons: [] };
  const sound = tested.filter((item) => item.kind === 'read').filter((item) => unreadRules([item]).length === 0);
  const templated = new Set(sound.flatMap((item) => (item.templated ? [item.file.path] : [])));
  const files = sound.map(({ file }) => file).filter(({ groups }) => groups.length > 0);
  const paths = await checkedPaths(files, { served: new Set(), templated }, ports.root, ports.scratch);
  const inputs = { config: undefined, ruleFiles: paths, outside: [] };
  const verdicts = await verdictsOf(ports.authority.promtool, inputs, { config: undefined, rules: undefined });
  const refused = [...verdicts.files].flatMap(([path, verdict]) => {
    const file = paths.get(path);
    if (file === undefined || verdict.verdict !== 'failed') return [];
    const checked = { path: file.path, source: file.source, ruleFile: file, linesHold: file.format !== 'crd' };
    return incompleteFindings(RULE, verdictFindings(verdict, checked, verdicts.version, 'warning'), CONSEQUENCE).slice(
      0,
      1,
    );
  });
  return { findings: refused, reasons: verdicts.reasons };
}
