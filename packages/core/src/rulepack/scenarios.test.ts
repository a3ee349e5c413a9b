import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contentProblems } from './content/index.ts';
import { loadRulepacks } from './load.ts';
import { matchRulepacks } from './match.ts';
import { relaxLevel } from './schema.ts';
import { added, changed, renamed } from './sample-files.ts';

const folder = new URL('../../../../docs/example/rulepack/', import.meta.url);
const set = loadRulepacks(
  readdirSync(folder).map((name) => ({ path: `rulepack/${name}`, text: readFileSync(new URL(name, folder), 'utf8') })),
);

function scenarioOf(...paths: string[]): string | null {
  return (
    matchRulepacks(
      paths.map((path) => added(path)),
      set.rulepacks,
    ).pack?.scenario ?? null
  );
}

function packOf(scenario: string): (typeof set.rulepacks)[number] {
  const found = set.rulepacks.find((each) => each.scenario === scenario);
  if (found === undefined) throw new Error(`no scenario ${scenario}`);
  return found;
}

test('the seven scenarios that are shipped are sound', () => {
  expect(set.problems).toEqual([]);
  expect(set.rulepacks.map((pack) => `${pack.scenario}: ${relaxLevel(pack)}`).toSorted()).toEqual([
    'helm: bypass',
    'infra-critical: none',
    'observability-only: field',
    'release: bypass',
    'safe-docs: bypass',
    'terraform: bypass',
    'workflows-only: none',
  ]);
});

test('each has a file of its own name, and asks for both labels wherever it can be relaxed', () => {
  for (const pack of set.rulepacks) {
    expect(pack.file).toBe(`rulepack/${pack.scenario}.yml`);
    if (pack.relaxable)
      expect(pack.required_labels).toEqual(expect.arrayContaining(['change:safe', 'auto-relax-merge']));
  }
});

describe('safe-docs', () => {
  test.each([['docs/guide.md'], ['docs/a/b.png'], ['README.md']])('takes %s', (path) => {
    expect(scenarioOf(path)).toBe('safe-docs');
  });
  test.each([
    ['docs/conf.py'],
    ['docs/package.json'],
    ['docs/a.svg'],
    ['docs/a.html'],
    ['sub/README.md'],
    ['docs/Makefile'],
  ])('leaves out %s, which a machine reads', (path) => {
    expect(scenarioOf(path)).toBeNull();
  });
});

describe('observability-only', () => {
  test('takes rules with their tests, smoke queries, dashboards and docs', () => {
    expect(
      scenarioOf('prometheus/rules/a.yml', 'tests/promql/a_test.yml', 'smoke/a.yml', 'dashboards/a.json', 'docs/a.md'),
    ).toBe('observability-only');
  });
  test.each([['.slo/shop.yml'], ['prometheus/targets/shop.yml'], ['prometheus/rules/run.sh'], ['.obsgate.yml']])(
    'leaves out %s',
    (path) => {
      expect(scenarioOf('prometheus/rules/a.yml', path)).toBeNull();
    },
  );
  test('lets no change of the receivers through', () => {
    const file = changed('prometheus/alertmanager.yml', 'receivers: []\n', 'receivers: [{ name: x }]\n');
    expect(contentProblems([file], packOf('observability-only'))).toMatchObject([{ code: 'content_forbidden' }]);
  });
  test('binds obs-lint to its workflow', () => {
    expect(packOf('observability-only').checks).toMatchObject([
      { context: 'obs-lint', workflow: '.github/workflows/obs-lint.yml' },
    ]);
  });
});

describe('workflows-only', () => {
  test('is recognised, denied all the same, and never relaxed', () => {
    const match = matchRulepacks([added('.github/workflows/a.yml')], set.rulepacks);
    expect(match.pack).toMatchObject({ scenario: 'workflows-only', relaxable: false });
    expect(match.denials).toMatchObject([{ code: 'forbidden_path' }]);
  });
});

describe('terraform', () => {
  test.each([['terraform/test/main.tf'], ['terraform/test/a.tfvars']])('takes %s', (path) => {
    expect(scenarioOf(path)).toBe('terraform');
  });
  test.each([['terraform/test/x.tfstate'], ['terraform/test/prod.tfvars'], ['terraform/test/a.tf.json']])(
    'leaves out %s',
    (path) => {
      expect(scenarioOf(path)).toBeNull();
    },
  );
  test.each([['terraform/prod/main.tf'], ['terraform/test/iam.tf']])('%s is infra-critical', (path) => {
    expect(scenarioOf(path)).toBe('infra-critical');
    expect(scenarioOf(path, 'terraform/test/main.tf')).toBeNull();
  });
  test('a rename out of prod does not fit', () => {
    expect(matchRulepacks([renamed('terraform/prod/a.tf', 'terraform/test/a.tf')], set.rulepacks).pack).toBeNull();
  });
  test('lets nothing be destroyed that holds data, and no command run', () => {
    const text = 'resource "x" "y" {\n  force_destroy = true\n  provisioner "local-exec" { command = "id" }\n}\n';
    const codes = contentProblems([added('terraform/test/a.tf', text)], packOf('terraform')).map(({ code }) => code);
    expect(codes).toEqual(['content_forbidden', 'content_forbidden']);
  });
});

describe('helm', () => {
  test('takes values, and no templates, secrets or definitions', () => {
    expect(scenarioOf('helm/shop/values.yaml', 'helm/shop/values-prod.yaml')).toBe('helm');
    for (const path of ['helm/shop/templates/a.yaml', 'helm/shop/values-secret.yaml', 'helm/a/b/values.yaml'])
      expect(scenarioOf(path)).toBeNull();
    expect(scenarioOf('helm/shop/crds/a.yaml')).toBe('infra-critical');
  });
});

describe('release', () => {
  test('takes version and changelog together with the chart', () => {
    expect(scenarioOf('CHANGELOG.md', 'VERSION', 'helm/shop/Chart.yaml')).toBe('release');
    expect(scenarioOf('CHANGELOG.md', 'src/main.ts')).toBeNull();
    expect(packOf('release').require_reviews).toBe(1);
  });
});

describe('infra-critical', () => {
  test('wins over all others and is never relaxed', () => {
    expect(Math.max(...set.rulepacks.map(({ priority }) => priority))).toBe(packOf('infra-critical').priority);
    expect(scenarioOf('prometheus/targets/shop.yml')).toBe('infra-critical');
    expect(relaxLevel(packOf('infra-critical'))).toBe('none');
  });
});
