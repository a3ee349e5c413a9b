import type { ContentRule } from './rules.ts';
import { isMap, leaves, yamlValues, type YamlValue } from './yaml-values.ts';

const SECRETS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, what: 'a private key' },
  { pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, what: 'an access key id of AWS' },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/, what: 'a token of GitHub' },
  { pattern: /\bxox[abpors]-[A-Za-z0-9-]{10,}\b/, what: 'a token of Slack' },
  { pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+/, what: 'a webhook of Slack' },
  { pattern: /\bAIza[0-9A-Za-z_-]{35}\b/, what: 'a key of Google' },
  { pattern: /\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b/, what: 'a token of Grafana' },
];

const ACTIVE =
  /<\s*(script|iframe|object|embed|svg|base|form|meta|link)\b|javascript:|\bon[a-z]{3,20}\s*=|data:text\/html/i;

function withinJson(text: string | null): Set<string> {
  const documents = yamlValues(text) ?? [];
  return new Set(
    documents.flatMap((document) =>
      [...leaves(document)].flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
    ),
  );
}

/** Texts of any type: secrets, and what a browser would run. */
export const TEXT_RULES: readonly ContentRule[] = [
  {
    id: 'dashboard/script',
    why: 'a browser runs it with the rights of whoever looks at the dashboard',
    applies: (path) => /(^|\/)dashboards?\/.+\.json$|(dashboard)[^/]*\.json$/i.test(path),
    check({ before, after }) {
      if (after !== null && yamlValues(after) === undefined) return ['it cannot be read as JSON'];
      const known = withinJson(before);
      const active = [...withinJson(after)].filter((text) => !known.has(text) && ACTIVE.test(text));
      return active.map((text) => `it holds ${JSON.stringify(text.slice(0, 80))}`);
    },
  },
  {
    id: 'workflow/privilege',
    why: 'a workflow runs with tokens and secrets of the repository',
    applies: (path) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/i.test(path),
    check: ({ before, after }) => workflowPowers(after).filter((power) => !workflowPowers(before).includes(power)),
  },
  {
    id: 'text/secret',
    why: 'what is in a repository is known to all who can read it',
    applies: () => true,
    check: ({ before, after }) =>
      SECRETS.filter(({ pattern }) => pattern.test(after ?? '') && !pattern.test(before ?? '')).map(
        ({ what }) => `it holds ${what}`,
      ),
  },
];

const RISKY_EVENTS = ['pull_request_target', 'workflow_run', 'issue_comment', 'repository_dispatch'];

/** What a workflow may do, a phrase each. */
function workflowPowers(text: string | null): string[] {
  const documents = yamlValues(text);
  if (documents === undefined) return ['it cannot be read as YAML, so nobody can say what it does'];
  return documents.flatMap((document) =>
    [...leaves(document)].flatMap(({ keys, value }) => powersOf(keys, value, document)),
  );
}

function powersOf(keys: readonly string[], value: YamlValue, document: YamlValue): string[] {
  const last = keys.at(-1) ?? '';
  const powers: string[] = [];
  if (keys.includes('permissions') && (value === 'write' || value === 'write-all'))
    powers.push(`it asks for ${keys.join('.')}: ${value}`);
  if (last === 'secrets' && value === 'inherit') powers.push('it hands all secrets on');
  if (last === 'uses' && typeof value === 'string' && !/^\.{1,2}\/|@[0-9a-f]{40}$|^docker:\/\/.+@sha256:/.test(value))
    powers.push(`it uses ${JSON.stringify(value)}, which is not pinned by SHA`);
  if (last === 'run' && typeof value === 'string' && value.includes('${{'))
    powers.push('it puts an expression into a run block');
  if (typeof value === 'string' && /secrets\s*[.[]/.test(value))
    powers.push(`it reads ${JSON.stringify(value.slice(0, 80))}`);
  if (last === 'runs-on' && value !== 'ubuntu-latest') powers.push(`it runs on ${JSON.stringify(value)}`);
  const events = isMap(document) ? (document['on'] ?? document['true']) : undefined;
  const names = isMap(events) ? Object.keys(events) : [events].flat().map(String);
  return [...powers, ...RISKY_EVENTS.filter((event) => names.includes(event)).map((event) => `it starts on ${event}`)];
}
