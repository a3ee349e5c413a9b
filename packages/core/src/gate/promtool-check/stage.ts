import { finding, nearest, sortFindings, type Finding, type Range, type Reason } from '../../kernel/index.ts';
import type { Project } from '../project.ts';
import type { Promtool, PromtoolPorts, WantedPromtool } from '../promtool-port.ts';
import type { StageResult } from '../report.ts';
import { versionDisagreements } from './disagreements.ts';
import { verdictFindings, type CheckedFile, type LintSeverity } from './findings.ts';
import { prepareInputs, type CheckInputs } from './inputs.ts';
import { toldTwice, withVerdict } from './told-once.ts';
import { verdictsOf, type VersionVerdicts } from './verdicts.ts';

export type PromtoolCheckOptions = {
  /** promtool's `--lint` value, such as `all`, `duplicate-rules`, `none`. */
  readonly lint: string;
  /** Whether what promtool's linter says fails the stage. Duplicates always do. */
  readonly lintFatal: boolean;
  /** Where the value of `lint` is written; undefined: it is the default. */
  readonly lintWritten?: { readonly file: string; readonly range: Range };
};

/**
 * Stage 1: the configuration and every rule file by the server's promtool and by each cross-check version.
 * What promtool lets through (globs that match nothing, empty files, second documents, duplicates across files)
 * is found by the project's loader and reported here.
 */
export async function runPromtoolCheck(
  project: Project,
  ports: PromtoolPorts,
  options: PromtoolCheckOptions,
): Promise<StageResult> {
  const { authority, crossChecks } = ports;
  const facts = countFacts(project);
  if (authority.kind === 'unavailable') {
    return { reasons: [authority.reason, ...missing(crossChecks)], findings: project.findings, facts };
  }
  const wrongLint = checkLintOption(authority.promtool, options);
  if (wrongLint !== undefined) return { findings: [...project.findings, wrongLint], facts };

  const inputs = await prepareInputs(project, ports.root, ports.scratch);
  const others = distinct(authority.promtool, crossChecks);
  const lintFor = (promtool: Promtool): Parameters<typeof verdictsOf>[2] => ({
    config: promtool.features.configLints.includes(options.lint) ? options.lint : undefined,
    rules: promtool.features.ruleLints.includes(options.lint) ? options.lint : undefined,
  });
  const [own, ...cross] = await Promise.all(
    [authority.promtool, ...others].map((promtool) => verdictsOf(promtool, inputs, lintFor(promtool))),
  );
  const verdicts = own === undefined ? [] : [own, ...cross];
  const judged = judge(project, inputs, ports.root, verdicts, options.lintFatal ? 'error' : 'warning');
  const warnings = [authority, ...crossChecks].flatMap((wanted) => warningsOf(wanted));
  return {
    reasons: [...missing(crossChecks), ...verdicts.flatMap(({ reasons }) => reasons)],
    findings: sortFindings([...warnings, ...relative(judged, ports)]),
    facts: {
      ...facts,
      versions: verdicts.map(({ version }) => version),
      ...(inputs.outside.length > 0 && { placeholders: inputs.outside }),
    },
  };
}

/** The project's findings and promtool's, each cause once. */
function judge(
  project: Project,
  inputs: CheckInputs,
  root: string,
  verdicts: readonly VersionVerdicts[],
  lint: LintSeverity,
): Finding[] {
  const [own, ...others] = verdicts;
  if (own === undefined) return [...project.findings];
  const fileOf = (path: string): CheckedFile | undefined => {
    const ruleFile = inputs.ruleFiles.get(path);
    if (ruleFile !== undefined) {
      const linesHold = ruleFile.format !== 'crd' || path === `${root}/${ruleFile.path}`;
      return { path: ruleFile.path, source: ruleFile.source, ruleFile, linesHold };
    }
    return path === inputs.config && project.prometheus !== undefined
      ? { path: project.prometheus.path, source: project.prometheus.source, ruleFile: undefined, linesHold: true }
      : undefined;
  };
  // Duplicates of one file are found by the loader too, with both places; promtool's would say it again without any.
  const found = new Set(project.findings.filter(({ rule }) => rule === 'rules/duplicate').map(({ file }) => file));
  const repeated = new Map<Finding, Finding>();
  const findings = [...own.files].flatMap(([path, verdict]) => {
    const file = fileOf(path);
    if (file === undefined) return [];
    const twice = toldTwice(
      verdict,
      project.findings.filter((item) => item.file === file.path && /^rules\/|^config\/not-a-map$/.test(item.rule)),
    );
    if (twice === undefined) return verdictFindings(verdict, file, own.version, lint);
    repeated.set(twice.finding, withVerdict(twice, own.version));
    const messages = verdict.messages.filter((message) => !twice.messages.has(message));
    return messages.length === 0 ? [] : verdictFindings({ ...verdict, messages }, file, own.version, lint);
  });
  const counts = [...own.files].flatMap(([path, { rules }]) =>
    ruleCountMismatch(rules, inputs.ruleFiles.get(path), own.version),
  );
  return [
    ...project.findings.map((item) => repeated.get(item) ?? item),
    ...findings.filter(({ rule, file }) => rule !== 'promtool/duplicate' || !found.has(file)),
    ...counts,
    ...versionDisagreements(own, others, fileOf),
  ];
}

/** promtool and our reader must see the same rules; otherwise what the other stages judge is not what the server loads. */
function ruleCountMismatch(counted: number | undefined, file: CheckedFile['ruleFile'], version: string): Finding[] {
  if (counted === undefined || file === undefined) return [];
  const read = file.groups.reduce((sum, { rules }) => sum + rules.length, 0);
  if (read === counted) return [];
  const message = `promtool ${version} counts ${counted} rules in this file, but ${read} were read: the other stages would judge other rules than the server loads`;
  return [finding({ rule: 'promtool/rule-count', severity: 'error', message, file: file.path, subject: 'rule count' })];
}

function checkLintOption(promtool: Promtool, { lint, lintWritten }: PromtoolCheckOptions): Finding | undefined {
  const known = [...new Set([...promtool.features.ruleLints, ...promtool.features.configLints])];
  if (known.length === 0 || known.includes(lint)) return undefined;
  const near = nearest(lint, known);
  return finding({
    rule: 'promtool/lint-option',
    severity: 'error',
    message: `promtool ${promtool.version} knows no --lint=${lint}; it would lint nothing and report success`,
    help: near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean ${near}? Known: ${known.join(', ')}.`,
    ...lintWritten,
    subject: lint,
  });
}

function warningsOf(wanted: WantedPromtool): Finding[] {
  if (wanted.kind === 'unavailable') return [];
  const { promtool, drift } = wanted;
  const defects = promtool.defects.map(({ id, message }) =>
    finding({
      rule: 'promtool/known-defect',
      severity: 'warning',
      message: `promtool ${promtool.version} has a known defect: ${message}`,
      help: 'Check with another version as well (cross_check).',
      subject: `${promtool.version}/${id}`,
    }),
  );
  return drift === undefined ? defects : [drift, ...defects];
}

function distinct(authority: Promtool, crossChecks: readonly WantedPromtool[]): Promtool[] {
  const byVersion = new Map<string, Promtool>();
  for (const wanted of crossChecks) {
    if (wanted.kind === 'found' && wanted.promtool.version !== authority.version) {
      byVersion.set(wanted.promtool.version, wanted.promtool);
    }
  }
  return [...byVersion.values()];
}

function missing(wanted: readonly WantedPromtool[]): Reason[] {
  return wanted.flatMap((item) => (item.kind === 'unavailable' ? [item.reason] : []));
}

function countFacts({ ruleFiles }: Project): { files: number; groups: number; rules: number } {
  const groups = ruleFiles.flatMap((file) => file.groups);
  return {
    files: ruleFiles.length,
    groups: groups.length,
    rules: groups.reduce((sum, { rules }) => sum + rules.length, 0),
  };
}

/** promtool names absolute paths; people know those of the repository. */
function relative(findings: readonly Finding[], { root, scratch }: PromtoolPorts): Finding[] {
  const places = [`${root}/`, `${scratch.path}/config/`, `${scratch.path}/copies/`];
  const clean = (text: string): string => places.reduce((result, place) => result.replaceAll(place, ''), text);
  return findings.map((item) => ({ ...item, message: clean(item.message) }));
}
