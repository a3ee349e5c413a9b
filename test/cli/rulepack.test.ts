import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../packages/cli/src/run-cli.ts';

const home = new URL('../../', import.meta.url);
let repository: string;

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'obsgate-rulepack-'));
  cpSync(fileURLToPath(new URL('docs/example/rulepack', home)), join(repository, 'rulepack'), { recursive: true });
  for (const folder of ['docs', 'prometheus', 'terraform/test'])
    mkdirSync(join(repository, folder), { recursive: true });
  writeFileSync(join(repository, 'prometheus/alertmanager.yml'), 'receivers: [{ name: a }]\n');
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '--message', 'first');
});
afterAll(() => rmSync(repository, { recursive: true, force: true }));

function git(...args: readonly string[]): void {
  execFileSync('git', ['-C', repository, ...args]);
}

async function explain(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(['rulepack', 'explain', ...args], {
    cwd: repository,
    env: {},
    out: (text) => (out += text),
    err: (text) => (err += text),
    color: false,
    progress: false,
    signal: new AbortController().signal,
    home,
  });
  return { code, out, err };
}

describe('obsgate rulepack explain', () => {
  test('names the scenario, what it asks for, and why the others do not fit', async () => {
    const { code, out } = await explain('terraform/test/new.tf');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Scenario terraform (rulepack/terraform.yml).
      Infrastructure of the test environments; what makes production is denied.
        checks:  obs-lint, terraform-plan, error-budget-burn-ok, dr-rehearsal-24h-pass
        labels:  "change:safe", "auto-relax-merge", "terraform-plan-reviewed"
        roles:   maintain, admin
        limits:  20 files, 400 changed lines
        reviews: 1; relax: bypass

      Scenarios, the best first:
        + terraform (priority 50): every changed file fits, and no other scenario that fits has a higher priority (50)
            "terraform/test/new.tf" is allowed by "terraform/**/*.tf"
        - infra-critical (priority 100): "terraform/test/new.tf" matches none of its allow_paths
        - workflows-only (priority 90): "terraform/test/new.tf" matches none of its allow_paths
        - release (priority 60): "terraform/test/new.tf" matches none of its allow_paths
        - helm (priority 40): "terraform/test/new.tf" matches none of its allow_paths
        - safe-docs (priority 30): "terraform/test/new.tf" matches none of its allow_paths
        - observability-only (priority 20): "terraform/test/new.tf" matches none of its allow_paths
      "
    `);
  });

  test('fails with the reasons when a person is needed', async () => {
    const { code, out } = await explain('docs/a.md', 'docs/b.md=>.github/workflows/x.yml');
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 4).join('\n')).toMatchInlineSnapshot(`
      "No scenario: these files do not merge without a person.

      Why it does not merge without a person:
        forbidden_path: ".github/workflows/x.yml" is never merged without a person (/.github/): workflows and repository settings decide what every other change must pass"
    `);
  });

  test('compares what the files hold with the base', async () => {
    writeFileSync(join(repository, 'prometheus/alertmanager.yml'), 'receivers: [{ name: b }]\n');
    const { code, out } = await explain('prometheus/alertmanager.yml', '--format', 'json');
    git('checkout', '--quiet', '--', 'prometheus/alertmanager.yml');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'obsgate.rulepack/1',
      outcome: 'fail',
      scenario: 'observability-only',
      reasons: [{ code: 'content_forbidden', subject: 'prometheus/alertmanager.yml' }],
    });
    expect((await explain('prometheus/alertmanager.yml')).code).toBe(0);
  });

  test('sees symbolic links for what they are', async () => {
    symlinkSync('../.github', join(repository, 'docs/link.md'));
    const { code, out } = await explain('docs/link.md');
    rmSync(join(repository, 'docs/link.md'));
    expect(code).toBe(1);
    expect(out).toContain('special_file: "docs/link.md" is a symbolic link');
  });

  test('lets no name end its line early', async () => {
    const { out } = await explain('docs/a\n::error::x\u001B[31m\u202E.md');
    expect(out).not.toMatch(/^::error/m);
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(out).not.toMatch(/\u001B|\u202E/);
  });

  test('says what is wrong with its usage', async () => {
    expect(await explain('../outside.md')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not a file of the repository'),
    });
    expect(await explain('a.md', '--format', 'yaml')).toMatchObject({ code: 2 });
    expect(await explain('a.md', '--base-ref', 'nowhere')).toMatchObject({
      code: 2,
      err: expect.stringContaining('nowhere'),
    });
    expect(await explain('a.md', '--dir', 'docs')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no rulepack'),
    });
  });
});
