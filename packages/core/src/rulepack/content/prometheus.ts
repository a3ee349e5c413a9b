import type { ContentRule, TextChange } from './rules.ts';
import { canonical, isMap, leaves, topLevel, yamlValues, type YamlValue } from './yaml-values.ts';

const UNREADABLE = 'it cannot be read as YAML, so nobody can say what it does';
const isYaml = (path: string): boolean => /\.(ya?ml|json)$/i.test(path);
/** Templates of a chart are no YAML before they are rendered; the rules for Helm look into them. */
const isChartTemplate = (path: string): boolean => /(^|\/)templates\//i.test(path);

type Documents = readonly YamlValue[];

/** A rule over a YAML file before and after; what cannot be read before counts as nothing. */
function yamlRule(
  id: ContentRule['id'],
  why: string,
  find: (after: Documents, before: Documents) => readonly string[],
): ContentRule {
  return {
    id,
    why,
    applies: isYaml,
    check({ path, before, after }: TextChange) {
      const now = yamlValues(after);
      if (now === undefined && isChartTemplate(path)) return [];
      return now === undefined ? [UNREADABLE] : find(now, yamlValues(before) ?? []);
    },
  };
}

function changedKeys(keys: readonly string[], after: Documents, before: Documents): string[] {
  return keys.filter((key) => canonical(topLevel(after, key)) !== canonical(topLevel(before, key)));
}

const CREDENTIAL =
  /^(basic_auth|authorization|bearer_token|bearer_token_file|oauth2|sigv4|azuread|google_iam|tls_config|http_headers|headers|proxy_url|proxy_from_environment|proxy_connect_header|password|password_file|username_file|credentials|credentials_file|client_secret|client_secret_file|secret_key|api_key|api_token|token|token_file|kubeconfig_file|key_file|cert_file|ca_file)$/;

function hasCredential(value: YamlValue): boolean {
  return [...leaves(value)].some(({ keys }) => keys.some((key) => CREDENTIAL.test(key)));
}

/** Jobs and other entries of a list that hold credentials, as they are written. */
function credentialed(documents: Documents): string[] {
  return documents.flatMap((document) => {
    if (!isMap(document)) return [];
    return Object.entries(document).flatMap(([key, value]) => {
      const parts = Array.isArray(value) ? (value as readonly YamlValue[]) : [value];
      return parts.filter((part) => hasCredential({ [key]: part })).map((part) => `${key}: ${canonical(part)}`);
    });
  });
}

/** Annotations that a person follows by hand. */
const LINK_KEYS =
  /^(runbook|runbook_url|dashboard|dashboard_url|panel|panel_url|docs|documentation|wiki|source|link|graph)$/i;
const URL_TEXT = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+|\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"'<>]*/gi;

/** URLs in labels and annotations of rules, but for links that a person follows. */
function ruleUrls(documents: Documents): string[] {
  return documents.flatMap((document) =>
    [...leaves(document)].flatMap(({ keys, value }) => {
      const at = keys.findIndex((key) => key === 'annotations' || key === 'labels');
      const name = at === -1 ? undefined : keys[at + 1];
      if (name === undefined || typeof value !== 'string') return [];
      const urls = value.match(URL_TEXT) ?? [];
      return urls
        .filter((url) => !(LINK_KEYS.test(name) && /^https?:/i.test(url)))
        .map((url) => `${name} holds ${JSON.stringify(url)}`);
    }),
  );
}

/** Prometheus and Alertmanager: what sends data elsewhere, or hands credentials to somebody. */
export const PROMETHEUS_RULES: readonly ContentRule[] = [
  yamlRule(
    'prometheus/remote',
    'it decides which servers receive data and alerts, or are asked for them',
    (after, before) =>
      changedKeys(['remote_write', 'remote_read', 'alerting', 'tracing', 'storage', 'otlp'], after, before).map(
        (key) => `it changes ${key}`,
      ),
  ),
  yamlRule(
    'prometheus/credentials',
    'a changed address could receive the credentials that are sent to it',
    (after, before) => {
      const known = new Set(credentialed(before));
      const changed = credentialed(after).filter((part) => !known.has(part));
      return [
        ...new Set(
          changed.map((part) => `it changes a part of ${part.slice(0, part.indexOf(':'))} that carries credentials`),
        ),
      ];
    },
  ),
  yamlRule(
    'alertmanager/receiver',
    'it decides who is told of alerts, and what is sent to which address',
    (after, before) =>
      changedKeys(
        [
          'receivers',
          'route',
          'templates',
          'inhibit_rules',
          'mute_time_intervals',
          'time_intervals',
          'global_alerting',
        ],
        after,
        before,
      )
        .concat(alertmanagerGlobal(after) === alertmanagerGlobal(before) ? [] : ['global'])
        .map((key) => `it changes ${key}`),
  ),
  yamlRule('alerts/url', 'receivers may call an address that an alert names', (after, before) => {
    const known = new Set(ruleUrls(before));
    return ruleUrls(after).filter((url) => !known.has(url));
  }),
];

/** The `global` block when it is Alertmanager's: it holds addresses and secrets of receivers. */
function alertmanagerGlobal(documents: Documents): string {
  const isOurs =
    /^(smtp|slack|pagerduty|opsgenie|victorops|telegram|webex|wechat|jira|rocketchat|mattermost|http_config|resolve_timeout)/;
  return canonical(
    topLevel(documents, 'global').filter((value) => isMap(value) && Object.keys(value).some((key) => isOurs.test(key))),
  );
}
