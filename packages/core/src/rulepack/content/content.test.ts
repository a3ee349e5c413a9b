import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { added, changed, pack } from '../sample-files.ts';
import { contentProblems } from './check.ts';
import { allBlocks, literal, parseHcl } from './hcl.ts';
import { CONTENT_RULES } from './rules.ts';
import { ALL_CONTENT_RULES } from './check.ts';

const sample = pack({});

/** Ids of the content rules that find something, each once. */
function found(path: string, before: string | null, after: string | null): string[] {
  const messages = contentProblems([changed(path, before, after)], sample).map(({ message }) => message);
  return [...new Set(messages.map((message) => / \(([a-z]+\/[a-z-]+)\): /.exec(message)?.[1] ?? message))];
}

test('every content rule that a rulepack can name is there', () => {
  expect(ALL_CONTENT_RULES.map(({ id }) => id).toSorted()).toEqual([...CONTENT_RULES].toSorted());
});

describe('terraform', () => {
  const resource = 'resource "aws_instance" "web" {\n  ami = "a"\n}\n';

  test.each([
    ['a provisioner', 'resource "x" "y" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}\n'],
    [
      'one behind a comment',
      'resource "x" "y" { /* a */ provisioner /* b */ "remote-exec" /* c */ {\n inline = []\n} }\n',
    ],
    ['one with an unquoted label', 'resource "x" "y" {\n  provisioner local-exec {\n    command = "id"\n  }\n}\n'],
    [
      'one after a heredoc that ends late',
      'resource "x" "y" {\n  a = <<EOT\n  }\n EOTX\n  EOT\n  provisioner "file" {}\n}\n',
    ],
    ['one after a string with braces', 'resource "x" "y" {\n  a = "${f("}")} \\" {"\n  provisioner "file" {}\n}\n'],
    ['one after a list over lines', 'resource "x" "y" {\n  a = [\n    "b", # }\n  ]\n  provisioner "file" {}\n}\n'],
  ])('%s is found', (_name, text) => {
    expect(found('terraform/a.tf', resource, text)).toEqual(['terraform/provisioner']);
  });

  test.each([
    ['in a comment', '# provisioner "local-exec" {}\n// provisioner "x" {}\n/* provisioner "y" {} */\n'],
    ['in a heredoc', 'locals {\n  a = <<-EOT\n    provisioner "local-exec" {\n    EOT\n}\n'],
    ['in a string', 'locals {\n  a = "provisioner \\"x\\" {"\n}\n'],
    ['as an attribute', 'locals {\n  provisioner = "x"\n  m = { provisioner = { a = 1 } }\n}\n'],
  ])('the word %s is no provisioner', (_name, text) => {
    expect(found('terraform/a.tf', null, text)).toEqual([]);
  });

  test('a provisioner that was there already still keeps its file from merging: any line of it may change what it runs', () => {
    const text = 'resource "x" "y" {\n  provisioner "local-exec" { command = var.c }\n}\n';
    expect(found('terraform/a.tf', text, `${text}# more\n`)).toEqual(['terraform/provisioner']);
  });

  test.each([
    ['data "external" "x" {\n  program = ["sh"]\n}\n', 'terraform/external-data'],
    ['data "http" "x" {\n  url = "https://a"\n}\n', 'terraform/external-data'],
    ['terraform {\n  backend "s3" {\n    bucket = "evil"\n  }\n}\n', 'terraform/backend'],
    ['terraform {\n  cloud {\n    organization = "x"\n  }\n}\n', 'terraform/backend'],
    ['module "m" {\n  source = "git::https://evil/x"\n}\n', 'terraform/source'],
    ['module "m" {\n  source = "registry/x/aws"\n}\n', 'terraform/source'],
    ['terraform {\n  required_providers {\n    aws = { source = "evil/aws" }\n  }\n}\n', 'terraform/source'],
  ])('%j is found', (text, rule) => {
    expect(found('terraform/a.tf', null, text)).toEqual([rule]);
    expect(found('terraform/a.tf', text, resource)).toEqual(rule === 'terraform/backend' ? [rule] : []);
  });

  test('a source that was there already, or is a folder of the repository, is free', () => {
    const text = 'module "m" {\n  source = "registry/x/aws"\n}\n';
    expect(found('terraform/a.tf', text, `${text}${resource}`)).toEqual([]);
    expect(found('terraform/a.tf', null, 'module "m" {\n  source = "./modules/a"\n}\n')).toEqual([]);
    expect(found('terraform/a.tf', null, 'module "m" {\n  source = "./modules/../${var.x}"\n}\n')).toEqual([
      'terraform/source',
    ]);
  });

  test.each(['resource "x" {', 'a = [', 'a = "', '}', 'a = <<EOT\nx', '/* open', '"x" {}', '{'.repeat(100)])(
    '%j cannot be read, so it is refused',
    (text) => {
      const problems = contentProblems([added('terraform/a.tf', text)], sample);
      expect(problems).toMatchObject([{ code: 'content_forbidden' }]);
      expect(problems[0]?.message).toContain('cannot be read as Terraform');
    },
  );

  test('the JSON syntax is refused as unreadable', () => {
    expect(found('terraform/a.tf.json', null, '{"locals": {}}')).toEqual(['terraform/provisioner']);
  });

  test('whatever is written, the scanner answers', () => {
    const piece = fc.constantFrom(
      '"',
      '{',
      '}',
      '${',
      '<<E\n',
      'E\n',
      '#',
      '/*',
      '*/',
      '=',
      'a',
      ' ',
      '\n',
      '\\',
      '[',
      ']',
      'provisioner "x" {}\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const root = parseHcl(pieces.join(''));
        expect(root === undefined || [...allBlocks(root)].length > 0).toBe(true);
      }),
    );
  });

  test('literals are read as Terraform reads them', () => {
    expect(literal('"a\\u0062\\"c"')).toBe('ab"c');
    expect(literal('"${x}"')).toBeUndefined();
    expect(literal('x')).toBeUndefined();
  });
});

describe('helm', () => {
  test.each([
    ['privileged: true', 'helm/privilege'],
    ['securityContext: { runAsUser: 0 }', 'helm/privilege'],
    ['"priv\\x69leged": true', 'helm/privilege'],
    ['hostNetwork: yes-please', 'helm/privilege'],
    ['podSpec:\n  volumes:\n    - hostPath: { path: / }', 'helm/privilege'],
    ['command: [sh, -c, id]', 'helm/privilege'],
    ['x: &a { privileged: true }\ny: *a', 'helm/privilege'],
    ['serviceAccount: { name: admin }', 'helm/privilege'],
    ['image: { repository: evil/x }', 'helm/repository'],
    ['annotations: { helm.sh/hook: pre-install }', 'helm/hook'],
  ])('values with %j are found', (text, rule) => {
    expect(found('helm/shop/values.yaml', 'replicas: 1\n', `replicas: 1\n${text}\n`)).toContain(rule);
  });

  test.each(['replicas: 3', 'image: { tag: v2 }', 'resources: { limits: { memory: 1Gi } }', 'privileged: false'])(
    'values with %j are free',
    (text) => {
      expect(found('helm/shop/values.yaml', 'image: { tag: v1 }\n', `${text}\n`)).toEqual([]);
    },
  );

  test('what was there already is free', () => {
    const text = 'image: { repository: shop }\nserviceAccount: { name: shop }\n';
    expect(found('helm/shop/values.yaml', text, `${text}replicas: 2\n`)).toEqual([]);
  });

  test.each([
    ['        privileged: true'],
    ['kind: ClusterRoleBinding'],
    ['          command: ["sh"]'],
    ['  {{ printf "priv%s" "ileged" }}: true'],
    ['  {{- tpl .Values.x . }}'],
    ['  "\\x70rivileged": true'],
  ])('a template with %j is found', (line) => {
    expect(found('helm/shop/templates/a.yaml', 'kind: Deployment\n', `kind: Deployment\n${line}\n`)).toContain(
      'helm/privilege',
    );
  });
});

describe('prometheus and alertmanager', () => {
  const rules = (annotation: string): string =>
    `groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == 0\n        annotations: { ${annotation} }\n`;

  test.each([
    ['prometheus/prometheus.yml', 'remote_write: [{ url: "https://evil" }]', 'prometheus/remote'],
    [
      'prometheus/prometheus.yml',
      'alerting: { alertmanagers: [{ static_configs: [{ targets: [evil] }] }] }',
      'prometheus/remote',
    ],
    [
      'prometheus/prometheus.yml',
      'scrape_configs: [{ job_name: a, authorization: { credentials_file: /etc/passwd } }]',
      'prometheus/credentials',
    ],
    [
      'prometheus/alertmanager.yml',
      'receivers: [{ name: a, webhook_configs: [{ url: "https://evil" }] }]',
      'alertmanager/receiver',
    ],
    ['prometheus/alertmanager.yml', 'route: { receiver: nobody }', 'alertmanager/receiver'],
    ['prometheus/alertmanager.yml', 'global: { slack_api_url: "https://evil" }', 'alertmanager/receiver'],
    ['prometheus/rules/a.yml', rules('webhook: "https://evil/x"'), 'alerts/url'],
    ['prometheus/rules/a.yml', rules('summary: "see //evil.example/x"'), 'alerts/url'],
    ['prometheus/rules/a.yml', rules('runbook_url: "javascript://x"'), 'alerts/url'],
  ])('%s with %j is found', (path, text, rule) => {
    expect(found(path, 'a: 1\n', text)).toEqual([rule]);
  });

  test('a job that carries credentials may not change its target', () => {
    const job = (target: string): string =>
      `scrape_configs: [{ job_name: a, basic_auth: { username: x, password_file: y }, static_configs: [{ targets: [${target}] }] }]`;
    expect(found('prometheus/prometheus.yml', job('a'), job('a'))).toEqual([]);
    expect(found('prometheus/prometheus.yml', job('a'), job('evil'))).toEqual(['prometheus/credentials']);
    expect(
      found(
        'prometheus/prometheus.yml',
        'scrape_configs: []',
        'scrape_configs: [{ job_name: a, static_configs: [{ targets: [b] }] }]',
      ),
    ).toEqual([]);
  });

  test('links that a person follows, new rules and new texts are free', () => {
    expect(
      found(
        'prometheus/rules/a.yml',
        null,
        rules('runbook_url: "https://wiki/x", summary: "{{ $labels.job }} is down"'),
      ),
    ).toEqual([]);
  });

  test.each([
    ['what was merged in', 'x: &x { remote_write: [{ url: a }] }\n<<: *x\n', 'prometheus/remote'],
    ['a second document', 'a: 1\n---\nremote_write: [{ url: a }]\n', 'prometheus/remote'],
    ['a tab', 'a:\n\tb: 1\n', 'prometheus/remote'],
    ['a key twice', 'a: 1\na: 2\n', 'prometheus/remote'],
  ])('%s hides nothing', (_name, text, rule) => {
    expect(found('prometheus/prometheus.yml', 'a: 1\n', text)).toContain(rule);
  });
});

describe('texts of any type', () => {
  test('a secret is found where it is new', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\n';
    expect(found('docs/a.md', null, key)).toEqual(['text/secret']);
    expect(found('docs/a.md', key, `${key}more\n`)).toEqual([]);
  });

  test.each(['<script>alert(1)</script>', '<img onerror=x>', '[a](javascript:x)', '<iframe src=x>'])(
    'a dashboard with %j is found',
    (text) => {
      expect(found('dashboards/a.json', '{"a": "b"}', JSON.stringify({ a: 'b', panel: { content: text } }))).toEqual([
        'dashboard/script',
      ]);
    },
  );

  test.each([
    ['permissions: write-all', 'on: push'],
    ['on: pull_request_target', 'on: push'],
    ['jobs: { a: { steps: [{ uses: "x/y@v1" }] } }', ''],
    ['jobs: { a: { steps: [{ run: "echo ${{ github.event.issue.title }}" }] } }', ''],
    ['jobs: { a: { secrets: inherit } }', ''],
  ])('a workflow with %j gets more power', (after, before) => {
    expect(found('.github/workflows/a.yml', before, after)).toContain('workflow/privilege');
  });
});

test('what is found is shown without the characters that hide text', () => {
  const [problem] = contentProblems([added('a/b.tf', 'module "m" {\n  source = "x\u202Ey"\n}\n')], sample);
  expect(problem?.message).toContain('"x\\u{202e}y"');
});

describe('what could not be read', () => {
  const unread = { mode: '100644', content: { kind: 'unread', why: 'GitHub does not show it whole' } } as const;
  const binary = { mode: '100644', content: { kind: 'binary' } } as const;

  test('is a problem on either side, for it is never taken for empty', () => {
    expect(contentProblems([{ ...added('docs/a.md'), after: unread }], sample)).toMatchObject([
      { code: 'content_unread' },
    ]);
    expect(contentProblems([{ ...added('docs/a.md'), before: unread }], sample)).toMatchObject([
      { code: 'content_unread' },
    ]);
  });

  test('includes binary files where a text is expected, and no pictures', () => {
    expect(contentProblems([{ ...added('prometheus/a.yml'), after: binary }], sample)).toMatchObject([
      { code: 'content_unread' },
    ]);
    expect(contentProblems([{ ...added('docs/a.png'), after: binary }], sample)).toEqual([]);
  });

  test('includes texts that are too long', () => {
    expect(contentProblems([added('docs/a.md', 'x'.repeat(512_001))], sample)).toMatchObject([
      { code: 'content_unread' },
    ]);
  });
});

describe('texts that are made to be hard', () => {
  test.each<[string, string, string]>([
    ['strings within templates', 'a.tf', `a = ${'"${'.repeat(100_000)}`],
    ['brackets', 'a.tf', `a = ${'['.repeat(100_000)}`],
    ['blocks', 'a.tf', 'a {\n'.repeat(100_000)],
    ['lists', 'a.yml', '['.repeat(100_000)],
    ['lists that are closed', 'a.yml', `${'['.repeat(2000)}${']'.repeat(2000)}`],
    [
      'aliases',
      'a.yml',
      Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]`).join(
        '\n',
      ),
    ],
    ['actions of templates', 'helm/x/templates/a.yaml', '{{|'.repeat(100_000)],
    ['a dashboard', 'dashboards/a.json', '{"a":'.repeat(50_000)],
  ])('%s are refused', (_name, path, text) => {
    expect(contentProblems([added(path, text)], sample).map(({ code }) => code)).toContain('content_forbidden');
  });
});

describe('content entries of a rulepack', () => {
  test('lift a rule for some files, under both names of a rename', () => {
    const lifting = pack({ content: [{ permit: 'helm/repository', files: ['helm/shop/*'], because: 'own registry' }] });
    const text = 'image: { repository: shop }\n';
    expect(contentProblems([added('helm/shop/values.yaml', text)], lifting)).toEqual([]);
    expect(contentProblems([added('helm/other/values.yaml', text)], lifting)).toHaveLength(1);
    const moved = { ...added('helm/shop/values.yaml', text), previousPath: 'helm/other/values.yaml' };
    expect(contentProblems([moved], lifting)).toHaveLength(1);
  });

  test('forbid new lines that match, with the reason that was given', () => {
    const forbidding = pack({
      content: [{ forbid: 'force_destroy\\s*=\\s*true', files: ['**/*.tf'], because: 'it may lose data' }],
    });
    const line = 'resource "x" "y" {\n  force_destroy = true\n}\n';
    const [problem] = contentProblems([added('a/b.tf', line)], forbidding);
    expect(problem?.message).toBe(
      '"a/b.tf": the line "force_destroy = true" matches "force_destroy\\\\s*=\\\\s*true" (rulepack/sample.yml): it may lose data',
    );
    expect(contentProblems([changed('a/b.tf', line, `${line}# more\n`)], forbidding)).toEqual([]);
  });
});
