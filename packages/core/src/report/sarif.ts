import type { GateReport, StageReport } from '../gate/index.ts';
import type { Finding, Range, RelatedPlace, Severity } from '../kernel/index.ts';
import { repositoryPath, type RenderContext, type RuleMeta } from './options.ts';

// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// What GitHub reads of it: https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support

type SarifLevel = 'error' | 'warning' | 'note';
const LEVELS: Readonly<Record<Severity, SarifLevel>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

type SarifOptions = Pick<RenderContext, 'rules' | 'version' | 'pathPrefix'>;

/**
 * The findings as SARIF 2.1.0, one run. Columns count UTF-16 code units; paths are relative to the repository root.
 * Stages that could not judge are notifications, and make `executionSuccessful` false: an empty list of results is
 * a pass only when the run was successful.
 */
export function toSarif(report: GateReport, options: SarifOptions): object {
  const findings = report.stages.flatMap((stage) => stage.findings);
  const rules = usedRules(findings, options.rules);
  const index = new Map(rules.map((rule, position) => [rule.id, position]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'obsgate',
            ...(options.version === undefined ? {} : { version: options.version, semanticVersion: options.version }),
            rules: rules.map(ruleDescriptor),
          },
        },
        automationDetails: { id: `obsgate/${report.stages.map((stage) => stage.name).join('+')}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { description: { text: 'The root of the repository.' } } },
        invocations: [invocation(report)],
        results: findings
          .filter(hasFile)
          .map((finding) => result(finding, index.get(finding.rule) ?? -1, options.pathPrefix)),
      },
    ],
  };
}

/** As {@link toSarif}, as indented text. */
export function renderSarif(report: GateReport, options: SarifOptions): string {
  return `${JSON.stringify(toSarif(report, options), null, 2)}\n`;
}

/** The known rules, and those that findings name without being known, so that every result has its rule. */
function usedRules(findings: readonly Finding[], known: readonly RuleMeta[]): RuleMeta[] {
  const ids = new Set(known.map((rule) => rule.id));
  const unknown = new Map<string, RuleMeta>();
  for (const { rule, severity } of findings) {
    if (!ids.has(rule)) unknown.set(rule, { id: rule, summary: rule, level: severity });
  }
  return [...known, ...unknown.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function ruleDescriptor(rule: RuleMeta): object {
  return {
    id: rule.id,
    shortDescription: { text: sentence(rule.summary) },
    fullDescription: { text: sentence(rule.summary) },
    help: { text: sentence(rule.helpUri === undefined ? rule.summary : `${rule.summary}: ${rule.helpUri}`) },
    defaultConfiguration: { level: LEVELS[rule.level] },
    ...(rule.helpUri === undefined ? {} : { helpUri: rule.helpUri }),
    properties: { tags: ['observability', 'prometheus'] },
  };
}

type PlacedFinding = Finding & { readonly file: string };

/** GitHub refuses a whole log for one result without a place: findings about no file are notifications. */
function hasFile(finding: Finding): finding is PlacedFinding {
  return finding.file !== undefined;
}

function result(finding: PlacedFinding, ruleIndex: number, prefix: string | undefined): object {
  const { rule, severity, message, help, file, range, related = [], fingerprint } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: help === undefined ? message : `${message}\n${help}` },
    locations: [location(repositoryPath(file, prefix), range)],
    ...(related.length === 0 ? {} : { relatedLocations: related.map((item, id) => relatedLocation(item, id, prefix)) }),
    partialFingerprints: { 'obsgate/v1': fingerprint },
  };
}

function relatedLocation(item: RelatedPlace, id: number, prefix: string | undefined): object {
  return { id, message: { text: item.message }, ...location(repositoryPath(item.file, prefix), item.range) };
}

function location(path: string, range: Range | undefined): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path), uriBaseId: 'ROOT' },
      region: range === undefined ? { startLine: 1 } : region(range),
    },
  };
}

function region({ line, column, endLine, endColumn }: Range): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A path as a relative URI reference; a first segment with a colon would otherwise read as a scheme. */
function uriOf(path: string): string {
  // A lone surrogate cannot be encoded.
  const wellFormed = path.replace(/\p{Cs}/gu, '\ufffd');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}

function invocation(report: GateReport): object {
  const notifications = report.stages.flatMap(notificationsOf);
  return {
    executionSuccessful: report.outcome !== 'error',
    ...(notifications.length === 0 ? {} : { toolExecutionNotifications: notifications }),
    properties: { outcome: report.outcome, tools: report.tools },
  };
}

function notificationsOf(stage: StageReport): object[] {
  const level: SarifLevel = stage.outcome === 'skipped' ? 'note' : 'error';
  const reasons = stage.reasons.map(({ code, message }): object => {
    return { level, descriptor: { id: code }, message: { text: `${stage.name}: ${message}` } };
  });
  const fileless = stage.findings.filter((finding) => !hasFile(finding));
  return reasons.concat(
    fileless.map(({ severity, rule, message }) => {
      return { level: LEVELS[severity], descriptor: { id: rule }, message: { text: `${stage.name}: ${message}` } };
    }),
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
