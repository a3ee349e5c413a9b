/** Small inputs of one fault each, by file name. Line numbers in the tests point into these texts. */
export const FILES: Readonly<Record<string, string>> = {
  'good.yml': `groups:
  - name: g
    rules:
      - record: a:b
        expr: up
      - alert: A
        expr: up == 0
`,
  'bad.yml': `groups:
  - name: g
    rules:
      - record: a:b
        expr: sum(rate(x[5m])
      - alert: T
        expr: up == 0
        annotations: {s: "{{ $value | nofunc }}"}
      - alert: L
        record: b
        expr: up
  - name: g
    rules: []
`,
  'duplicates.yml': `groups:
  - name: g
    rules:
      - record: a:b
        expr: up
      - record: a:b
        expr: down
      - alert: X
        expr: up
        labels: {a: b, c: d}
      - alert: X
        expr: up == 1
        labels: {c: d, a: b}
`,
  'empty.yml': '',
  'unknown.yml': `groups:
  - name: g
    rulez: []
    rules:
      - record: x
        expr: 1
        foo: bar
`,
  'tab.yml': 'groups:\n\t- name: x\n',
  'prometheus.yml': `rule_files: [bad.yml, duplicates.yml, good.yml]
scrape_configs:
  - job_name: a
    file_sd_configs: [{files: [targets.json]}]
`,
  'config-unknown.yml': `global:
  scrape_intervall: 15s
`,
  'config-twice.yml': `scrape_configs:
  - job_name: a
  - job_name: a
`,
  'config-absent.yml': 'rule_files: [absent.yml]\n',
  'failing_test.yml': `rule_files: [good.yml]
tests:
  - name: first
    interval: 1m
    input_series:
      - series: 'up{job="a"}'
        values: '0 0 1'
    alert_rule_test:
      - eval_time: 1m
        alertname: A
        exp_alerts: [{exp_labels: {job: z}, exp_annotations: {s: "a b"}}]
      - eval_time: 2m
        alertname: A
        exp_alerts: [{exp_labels: {job: z}}]
    promql_expr_test:
      - expr: a:b
        eval_time: 1m
        exp_samples: [{labels: 'a:b{job="b"}', value: 1}]
      - expr: nothing
        eval_time: 1m
        exp_samples: [{labels: 'x{a="b"}', value: 2}]
      - expr: up(
        eval_time: 1m
`,
  'no-rules_test.yml': 'rule_files: [nothing*.yml]\ntests: []\n',
  'bad-rules_test.yml': 'rule_files: [bad.yml]\ntests:\n  - input_series: []\n',
  'samples.om': '# TYPE up gauge\nup{job="a"} 1 1700000000\nup{job="a"} 0 1700000060\n# EOF\n',
};
