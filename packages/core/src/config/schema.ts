import * as z from 'zod';
import { SEVERITIES, parseDuration } from '../kernel/index.ts';

/** A Prometheus duration as text; a number without a unit is an error. */
const duration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: (issue) =>
    `${JSON.stringify(issue.input)} is no duration; write a number and a unit, such as 30s, 5m or 1h30m`,
});
const glob = z.string().min(1);
const share = z.number().min(0).max(1);

const prometheus = z.strictObject({
  config: z.string().min(1).default('prometheus/prometheus.yml').describe('The file the server is started with.'),
  path_map: z
    .record(z.string(), z.string())
    .default({})
    .describe('Server path to repository path, for rule_files and other files that the configuration names.'),
  rules: z.array(glob).default([]).describe('More rule files than the configuration names (globs).'),
  version: z.string().optional().describe("The server's version; a prefix such as 2.53 means its newest patch."),
  image: z.string().optional().describe('Container image for the container route, best by digest.'),
  cross_check: z.array(z.string()).default([]).describe('Other versions that must agree; "latest" is the newest.'),
  enable_feature: z.array(z.string()).default([]).describe("The server's feature flags."),
});

const realm = z.strictObject({
  label: z.string().min(1).default('metric_realm').describe('Label that tells realms apart.'),
  value: z.string().min(1).default('prod').describe('Its value; --realm and REALM override it.'),
});

const promqlUnit = z.strictObject({
  tests: z.array(glob).default(['tests/promql/**/*.y?(a)ml']).describe('Unit-test files (globs).'),
  min_coverage: z.number().min(0).max(100).default(0).describe('Least share of rules that a test asserts, percent.'),
  mutation: z.enum(['off']).default('off').describe('Mutation testing of rules.'),
  min_mutation_score: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Least share of mutants that a test kills, percent.'),
  deadline: duration.default('5m').describe('Longest time for all unit tests together.'),
});

const heartbeat = z.strictObject({
  match: z.string().default('.*heartbeat.*').describe('RE2 expression, fully anchored: which metrics are heartbeats.'),
  scrape_interval: duration
    .optional()
    .describe('Interval at which the heartbeat is scraped (default: the global one).'),
  tick: duration.default('60s').describe('Interval at which the writer ticks.'),
  metric_prefix: z.string().default('heartbeat').describe('Prefix of the normalised series: <prefix>_ok and so on.'),
  p_miss: share.default(0.05).describe('Accepted probability that a window holds no tick of a live writer.'),
  sequence: z.string().default('.*_seq(uence)?').describe('RE2 expression, fully anchored: the raw sequence gauges.'),
  state: z
    .string()
    .default('(.*[_:])?(ok|up|fresh|alive|healthy|ready|state)([_:][0-9]+(ms|[smhdwy]))?')
    .describe('RE2 expression, fully anchored: recorded heartbeats that promise a 0/1 state.'),
  dead_man: z
    .string()
    .default('(?i).*(watchdog|dead_?mans?(_?(switch|snitch))?|always_?firing)')
    .describe("RE2 expression, fully anchored: names of dead man's switch alerts."),
  forbidden_functions: z
    .array(z.string())
    .default(['sgn', 'sign', 'abs', 'increase', 'rate', 'irate', 'delta', 'idelta', 'deriv'])
    .describe('PromQL functions that may not read a heartbeat.'),
  forbidden_template_functions: z
    .array(z.string())
    .default(['query', 'tmpl', 'safeHtml'])
    .describe('Template functions that alerts on heartbeats may not use.'),
});

const lint = z.strictObject({
  rules: z
    .record(z.string(), z.enum(['off', ...SEVERITIES]))
    .default({})
    .describe('Severity by lint rule id.'),
  heartbeat: heartbeat.prefault({}),
  baseline: z.string().optional().describe('File of accepted findings, keyed by fingerprint.'),
});

const gate = z.strictObject({
  skip: z.record(z.string(), z.string().min(1)).default({}).describe('Stage name to the reason why it is left out.'),
  promtool_check: z
    .strictObject({
      lint: z.string().default('all').describe("promtool's --lint value."),
      lint_fatal: z.boolean().default(false).describe("Whether what promtool's linter says fails the stage."),
    })
    .prefault({}),
  promql_unit: promqlUnit.prefault({}),
  lint: lint.prefault({}),
  reload: z
    .strictObject({
      settle: duration.default('2s').describe('Time to wait for late log lines after the reload.'),
      deadline: duration.default('60s').describe('Longest time for each step of the proof.'),
    })
    .prefault({}),
  smoke: z
    .strictObject({
      files: z.array(glob).default(['smoke/*.yml']).describe('Smoke files (globs).'),
      deadline: duration.default('60s').describe('Longest time for each step of the sandbox.'),
    })
    .prefault({}),
});

const merge = z.strictObject({
  base_branches: z.array(z.string()).default(['main']).describe('Branches that merges are made to.'),
  rulepacks: z.string().default('rulepack/').describe('Folder of the rulepacks, read from the base branch.'),
  method: z.enum(['squash', 'merge', 'rebase']).default('squash').describe('How pull requests are merged.'),
  delete_branch: z.boolean().default(true).describe('Whether the branch is deleted after the merge.'),
  command: z.string().default('/auto-merge').describe('Comment that asks for a merge.'),
  labels: z
    .array(z.string().min(1))
    .min(1)
    .default(['change:safe', 'auto-relax-merge'])
    .describe('Labels that ask for the merge: all of them, by their exact names, each newer than the last push.'),
  block_labels: z.array(z.string().min(1)).default([]).describe('Labels that keep a pull request from merging.'),
  pending_checks: z
    .enum(['wait', 'stop'])
    .default('wait')
    .describe('wait: look again when a check ends; stop: refuse while one is pending.'),
  freeze: z
    .strictObject({
      variable: z
        .string()
        .min(1)
        .optional()
        .describe('Repository variable; any value but empty, 0, false, no or off freezes.'),
      label: z.string().min(1).optional().describe('Label; an open issue that carries it freezes.'),
    })
    .prefault({})
    .describe('What stops all merges.'),
});

const watch = z.strictObject({
  slo: z
    .union([glob, z.array(glob)])
    .default('.slo/*.yml')
    .describe('SLO files (one glob or several).'),
  settle: duration.default('5m').describe('Time after a merge that is not judged.'),
  window: duration.default('120m').describe('How long a merge is watched.'),
  min_window: duration.default('30m').describe('Least time before a verdict.'),
  every: duration.default('5m').describe('Interval of the judgements.'),
});

const rollback = z.strictObject({
  mode: z.enum(['pull-request', 'commit']).default('pull-request').describe('How a merge is reverted.'),
  auto_merge: z.boolean().default(true).describe('Whether the revert is merged without a person.'),
  require_manual_confirm: z.boolean().default(false).describe('Whether a person must confirm first.'),
});

/** `.obsgate.yml`: every key has a default, every unknown key is an error. */
export const configSchema = z.strictObject({
  prometheus: prometheus.prefault({}),
  realm: realm.prefault({}),
  gate: gate.prefault({}),
  merge: merge.prefault({}),
  watch: watch.prefault({}),
  rollback: rollback.prefault({}),
  l4: z
    .strictObject({ table: z.string().default('.obsgate/l4.yml').describe('File of the decision table.') })
    .prefault({}),
  ledger: z
    .strictObject({ branch: z.string().default('obsgate-ledger').describe('Branch of the audit trail.') })
    .prefault({}),
});

/** The configuration with every default filled in. Keys are those of the file. */
export type Config = z.infer<typeof configSchema>;
