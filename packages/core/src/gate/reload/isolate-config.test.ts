import { expect, test } from 'vitest';
import { addScrapeJob, isolateConfig, type IsolatedConfig } from './isolate-config.ts';

function isolate(text: string, more: readonly string[] = []): Extract<IsolatedConfig, { kind: 'isolated' }> {
  const result = isolateConfig(text, ({ key, path }) => (key === 'rule_files' ? `copies${path}` : 'copy.log'), more);
  if (result.kind !== 'isolated') throw new Error(result.detail);
  return result;
}

test('what contacts others is left out, and everything else stays as it is written', () => {
  const { text, leftOut, logFiles } = isolate(`
global:
  evaluation_interval: 15s
  query_log_file: /var/log/query.log
  external_labels: { on: yes, zone: '010', realm: 010 }
rule_files:
- /etc/prometheus/*.yml
remote_write:
- url: http://example.com
scrape_configs:
- &first
  job_name: a
  static_configs: [{ targets: [a] }]
  honor_labels: yes
  tls_config: { ca_file: /etc/ca }
- <<: *first
  job_name: b # second
  kubernetes_sd_configs: [{ role: pod }]
  relabel_configs:
  - source_labels: [a]
    regex: '(.*)'
alerting:
  alert_relabel_configs: [{ regex: x, action: labeldrop }]
  alertmanagers:
  - static_configs: [{ targets: [a] }]
`);
  expect(text).toMatchInlineSnapshot(`
    "global:
      evaluation_interval: 15s
      query_log_file: "copy.log"
      external_labels: { on: yes, zone: '010', realm: 010 }
    rule_files:
      - "copies/etc/prometheus/*.yml"
    scrape_configs:
      - job_name: a
        honor_labels: yes
      - <<:
          job_name: a
          honor_labels: yes
        job_name: b # second
        relabel_configs:
          - source_labels: [ a ]
            regex: '(.*)'
    alerting:
      alert_relabel_configs: [ { regex: x, action: labeldrop } ]
    "
  `);
  expect(leftOut).toEqual([
    'remote_write',
    'alerting.alertmanagers',
    'job "a": static_configs, tls_config',
    'job "b": kubernetes_sd_configs, static_configs, tls_config',
  ]);
  expect(logFiles).toMatchObject([{ key: 'query_log_file', path: '/var/log/query.log' }]);
});

test('rule files can be added, and a scrape job of the sandbox', () => {
  expect(isolate('global: {}\n', ['a.yml']).text).toBe('global: {}\nrule_files:\n  - a.yml\n');
  expect(addScrapeJob('global: {}\n', { job_name: 'x' })).toBe('global: {}\nscrape_configs:\n  - job_name: x\n');
});

test('text that is no configuration is refused, an alias bomb too', () => {
  expect(isolateConfig('a: [', () => undefined).kind).toBe('unreadable');
  expect(isolateConfig('- a', () => undefined).kind).toBe('unreadable');
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => pair.split(''))) {
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(', ')}]`);
  }
  expect(isolateConfig(bomb.join('\n'), () => undefined).kind).toBe('unreadable');
});
