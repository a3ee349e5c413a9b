import { expect, test } from 'vitest';
import { parseExposition } from './exposition.ts';

test('samples with labels, escapes, timestamps and special values are read', () => {
  const text = `# HELP a Help.
# TYPE a gauge
a 1
b{x="q\\"u\\\\o\\nte",y="}",} +Inf 1700000000000
c{quantile="0.9"} NaN
prometheus_config_last_reload_success_timestamp_seconds 1.7952536496002383e+09
`;
  expect(parseExposition(text)).toEqual([
    { name: 'a', labels: {}, value: 1 },
    { name: 'b', labels: { x: 'q"u\\o\nte', y: '}' }, value: Infinity },
    { name: 'c', labels: { quantile: '0.9' }, value: Number.NaN },
    { name: 'prometheus_config_last_reload_success_timestamp_seconds', labels: {}, value: 1795253649.6002383 },
  ]);
});

test('a page of a proxy is not read as metrics', () => {
  expect(parseExposition('<html>\n<body>Sign in</body>\n</html>')).toBeUndefined();
});
