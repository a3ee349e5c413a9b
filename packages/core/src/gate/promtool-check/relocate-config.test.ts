import { expect, test } from 'vitest';
import { relocateConfig } from './relocate-config.ts';

test('paths are replaced, and every line keeps its number', () => {
  const text = `rule_files:
  - /etc/prometheus/rules/*.yml # kept
  - "relative.yml"
scrape_configs:
  - job_name: a
    tls_config: { ca_file: /etc/ssl/ca.pem }
    file_sd_configs:
      - files: [ 'sd/*.json' ]
query_log_file: /var/log/q
`;
  expect(relocateConfig(text, ({ key, path }) => ({ kind: 'moved', to: `/copy/${key}/${path.split('/').at(-1)}` })))
    .toMatchInlineSnapshot(`
      "rule_files:
        - "/copy/rule_files/*.yml" # kept
        - "/copy/rule_files/relative.yml"
      scrape_configs:
        - job_name: a
          tls_config: { ca_file: "/copy/ca_file/ca.pem" }
          file_sd_configs:
            - files: [ "/copy/files/*.json" ]
      query_log_file: /var/log/q
      "
    `);
});

test('a path that is kept stays as it is written', () => {
  const text = "rule_files: ['a.yml']\n";
  expect(relocateConfig(text, () => ({ kind: 'kept' }))).toBe(text);
});

test('text that is no YAML is left to promtool', () => {
  expect(relocateConfig('rule_files: [', () => ({ kind: 'moved', to: 'x' }))).toBe('rule_files: [');
});
