import { finding, type Finding, type Reason } from '../../kernel/index.ts';
import { parseInput } from '../../input/index.ts';
import type { PrometheusServer } from '../../server/index.ts';
import * as z from 'zod';
import type { Project } from '../project.ts';
import { failureReason } from '../reload/ask-server.ts';

export type Identity = {
  readonly version: string;
  readonly reasons: readonly Reason[];
  readonly findings: readonly Finding[];
};

/** The part of the server's configuration that names it; everything else is of no interest here. */
const namedConfig = z.looseObject({
  global: z.looseObject({ external_labels: z.record(z.string(), z.coerce.string()).nullish() }).nullish(),
});

/**
 * Proves which server answers: it says its build, and its external labels are those of the repository's configuration.
 * A green answer of the wrong server proves nothing, so a difference is a reason (`wrong_server`), not a finding.
 */
export async function identifyServer(api: PrometheusServer, project: Project): Promise<Identity> {
  const [build, config] = await Promise.all([api.buildInfo(), api.configText()]);
  const version = build.ok ? build.value.version : '';
  if (!build.ok) return { version, reasons: [failureReason(build.failure, api.url)], findings: [] };
  if (!config.ok) return { version, reasons: [failureReason(config.failure, api.url)], findings: [] };
  const findings = versionFindings(version, project);
  const expected = project.prometheus?.externalLabels ?? {};
  if (Object.keys(expected).length === 0) {
    const message = `${api.url} runs Prometheus ${version}; the configuration has no external_labels, so nothing proves that it is this server.`;
    const help = 'Set global.external_labels (cluster, replica) in the Prometheus configuration.';
    const unproved = finding({
      rule: 'smoke/unproved-server',
      severity: 'warning',
      message,
      help,
      subject: 'identity',
    });
    return { version, reasons: [], findings: [...findings, unproved] };
  }
  const parsed = parseInput(namedConfig, 'status/config', config.value);
  const actual = parsed.kind === 'ok' ? (parsed.value.global?.external_labels ?? {}) : {};
  const different = Object.entries(expected).filter(([name, value]) => actual[name] !== value);
  const reasons = different.map(([name, value]): Reason => ({
    code: 'wrong_server',
    message: `${api.url} has the external label ${name}=${JSON.stringify(actual[name] ?? '')}, the repository's configuration ${JSON.stringify(value)}`,
    subject: api.url,
  }));
  return { version, reasons, findings };
}

function versionFindings(version: string, project: Project): Finding[] {
  const wanted = project.config.prometheus.version?.replace(/^v/, '');
  // Distributions append their own mark: 2.53.3+ds1.
  const released = version.replace(/[+~].*$/, '');
  if (wanted === undefined || wanted === 'latest' || `${released}.`.startsWith(`${wanted}.`)) return [];
  const message = `The server runs Prometheus ${version}, prometheus.version says ${wanted}: the other stages judged by another version.`;
  return [finding({ rule: 'smoke/server-version', severity: 'warning', message, subject: 'version' })];
}
