import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadSlo } from './load.ts';

function problem(text: string): string {
  try {
    loadSlo('.slo/a.yml', text);
    return 'loads';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const one = (objective: string): string => `slo:\n  a: ${objective}\n`;

test('the example loads, each objective resolved to the queries that are asked', () => {
  const path = new URL('../../../../../docs/example/.slo/shop.yml', import.meta.url);
  const spec = loadSlo('.slo/shop.yml', readFileSync(path, 'utf8'));
  expect(spec.metrics.map(({ name, kind, limit }) => [name, kind, limit])).toEqual([
    ['errors', 'counts', 0.003],
    ['latency', 'counts', 0.05],
    ['heartbeat', 'value', 1],
  ]);
  expect(spec.metrics.map(({ queries }) => queries)).toMatchInlineSnapshot(`
    [
      {
        "bad": "sum(increase(http_requests_total{metric_realm="prod",code=~"5.."}[1m]))",
        "total": "sum(increase(http_requests_total{metric_realm="prod"}[1m]))",
      },
      {
        "histogram-all": "sum(increase(http_request_duration_seconds_bucket{metric_realm="prod",le="+Inf"}[1m]))",
        "histogram-le": "sum(increase(http_request_duration_seconds_bucket{metric_realm="prod",le="0.45"}[1m]))",
      },
      {
        "age": "time() - min(timestamp(heartbeat_ok{metric_realm="prod"}))",
        "query": "min(heartbeat_ok{metric_realm="prod"})",
      },
    ]
  `);
});

test('a file of users loads as it is; a quotient of rates is also asked in its parts', () => {
  const spec = loadSlo(
    'a.yml',
    `window: 120m
step: 60s
slo:
  errors:
    query: sum(rate(http_requests_total{job="a",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="a"}[5m]))
    threshold: 0.003
  latency_p95:
    query: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))
    threshold: 0.45
rollback: { enabled: true, anything: [1] }
notify: { chat: ops }
`,
  );
  const [errors, latency] = spec.metrics;
  expect(errors?.queries).toMatchInlineSnapshot(`
    {
      "bad": "sum(increase(http_requests_total{job="a",code=~"5.."}[1m]))",
      "query": "sum(rate(http_requests_total{job="a",code=~"5.."}[5m])) / sum(rate(http_requests_total{job="a"}[5m]))",
      "total": "sum(increase(http_requests_total{job="a"}[1m]))",
    }
  `);
  expect(errors?.notes.map(({ code }) => code)).toEqual(['smoothed_query']);
  expect(latency?.queries).toEqual({
    query: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
  });
});

test('a quotient that need not be a share is not taken apart', () => {
  const load = (query: string): unknown => {
    const [metric] = loadSlo('a.yml', one(`{ query: '${query}', max: 0.5 }`)).metrics;
    return metric?.kind === 'value' ? metric.counts : 'no value';
  };
  expect(load('sum(rate(bytes_total[5m])) / sum(rate(requests_total[5m]))')).toBeUndefined();
  expect(load('sum(rate(x{a="1"}[5m])) / sum(rate(x{b="1"}[5m]))')).toBeUndefined();
  expect(load('sum by (a) (rate(x{a="1"}[5m])) / sum(rate(x[5m]))')).toBeUndefined();
  expect(load('sum(rate(x{a="1"}[5m])) / sum(rate(x[5m]))')).toBeDefined();
});

test('rates are counted as requests, and a slice holds at least four scrapes', () => {
  const text = one(`{ bad: 'sum(rate(e[1m]))', total: 'sum(increase(r[1m]))', max: 0.01 }`);
  expect(loadSlo('a.yml', text).metrics[0]).toMatchObject({ scale: { bad: 60, total: 1 } });
  const histogram = one(`{ histogram: 'd_bucket', le: 1, max: 0.05 }`);
  expect(loadSlo('a.yml', histogram, 60).metrics[0]?.queries).toEqual({
    'histogram-le': 'sum(increase(d_bucket{le=~"1|1\\\\.0"}[4m]))',
    'histogram-all': 'sum(increase(d_bucket{le="+Inf"}[4m]))',
  });
});

test('what is wrong is named with its place and what to write', () => {
  expect(
    [
      one(`{ bad: e, total: r, max: 0.3, tresh: 1 }`),
      one(`{ bad: e, max: 0.01 }`),
      one(`{ bad: e, total: r, max: 3 }`),
      one(`{ query: up }`),
      one(`{ query: 'sum(', min: 1 }`),
      one(`{ histogram: 'rate(x[5m])', le: 1, max: 0.1 }`),
      `step: 60\n${one('{ query: up, min: 1 }')}`,
      `step: 30s\n${one('{ query: up, min: 1 }')}`,
      `${one('{ query: up, min: 1 }')}combine: { all-of: [a, b] }\n`,
      'window: 120m\n',
      one(`{ bad: 'increase(e[1m])', total: 'increase(r[5m])', max: 0.1 }`),
    ].map(problem),
  ).toMatchInlineSnapshot(`
    [
      ".slo/a.yml:2:36: unknown key "tresh" (in slo.a)",
      ".slo/a.yml:2:6: bad and total belong together (in slo.a)",
      ".slo/a.yml:2:6: max is a share between 0 and 1, and 3 is not: 0.3 % is 0.003 (in slo.a)",
      ".slo/a.yml:2:6: a query needs exactly one of min, max and threshold (in slo.a)",
      ".slo/a.yml: slo.a.query is no PromQL expression: """,
      ".slo/a.yml: slo.a.histogram is a selector of _bucket series without le, such as http_request_duration_seconds_bucket{job="prod"}",
      ".slo/a.yml:1:7: Invalid input: expected string, received number (in step)",
      ".slo/a.yml: step is 30s; a slice is at least 60s long",
      ".slo/a.yml: combine names b, which slo does not define",
      ".slo/a.yml:1:1: Invalid input: expected record, received undefined (in slo)",
      ".slo/a.yml: slo.a counts bad requests over 60 s and all over 300 s; a share needs one range",
    ]
  `);
});
