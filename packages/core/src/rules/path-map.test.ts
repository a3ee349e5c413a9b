import { expect, test } from 'vitest';
import { mapServerPath } from './path-map.ts';

const MAP = { '/etc/prometheus': 'prometheus', '/etc/prometheus/shared/': 'shared/rules', '/srv': '.', '/bad': '../x' };

function mapped(path: string, map: Record<string, string> = MAP, config = 'prometheus/prometheus.yml'): string {
  const result = mapServerPath(path, config, map);
  return result.kind === 'unmapped' ? `unmapped ${result.serverPath}` : `${result.kind} ${result.path}`;
}

test.each([
  ['/etc/prometheus/rules/*.yml', 'inside prometheus/rules/*.yml'],
  ['/etc/prometheus//rules/./a.yml', 'inside prometheus/rules/a.yml'],
  ['/etc/prometheus/shared/a.yml', 'inside shared/rules/a.yml'],
  ['/etc/prometheus-other/a.yml', 'unmapped /etc/prometheus-other/a.yml'],
  ['/etc/prometheus', 'inside prometheus'],
  ['/srv/a.yml', 'inside a.yml'],
  ['/srv/../etc/prometheus/a.yml', 'inside prometheus/a.yml'],
  ['/etc/prometheus/../secret.yml', 'unmapped /etc/secret.yml'],
  ['/bad/a.yml', 'outside ../x/a.yml'],
  ['rules/a.yml', 'inside prometheus/rules/a.yml'],
  ['./rules/../a.yml', 'inside prometheus/a.yml'],
  ['shared/a.yml', 'inside shared/rules/a.yml'],
  ['../rules/a.yml', 'inside rules/a.yml'],
  ['../../rules/a.yml', 'outside ../rules/a.yml'],
])('%s is %s', (path, expected) => {
  expect(mapped(path)).toBe(expected);
});

test('without a map, relative paths are relative to the configuration, absolute ones unmapped', () => {
  expect(mapped('rules/a.yml', {})).toBe('inside prometheus/rules/a.yml');
  expect(mapped('rules/a.yml', {}, 'prometheus.yml')).toBe('inside rules/a.yml');
  expect(mapped('/rules/a.yml', {})).toBe('unmapped /rules/a.yml');
});

test('the root of the server can be mapped', () => {
  expect(mapped('/a/b.yml', { '/': 'files' })).toBe('inside files/a/b.yml');
});
