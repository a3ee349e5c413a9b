import {
  booleanInput,
  commonInputs,
  commonOutputs,
  defineInputs,
  defineOutputs,
  durationInput,
  textInput,
  tokenInput,
  type ActionContext,
} from '@obsgate/action-kit';

export const inputs = defineInputs({
  config: {
    ...commonInputs.config,
    description: 'Configuration file on the default branch. Default: `.obsgate.yml`.',
  },
  ...tokenInput,
  'app-id': {
    description: 'Id of the GitHub App that acts. With it, `github-token` is not used.',
    schema: textInput(),
  },
  'app-private-key': { description: "The App's private key, PEM.", schema: textInput(), secret: true },
  'prometheus-url': {
    description: 'Base URL of Prometheus, or of what speaks its API (Thanos, Mimir, VictoriaMetrics).',
    required: true,
    schema: textInput(),
    secret: true,
  },
  'prometheus-auth': {
    description: 'A bearer token, `user:password`, or the whole value of the `Authorization` header.',
    schema: textInput(),
    secret: true,
  },
  'scrape-interval': {
    description: "The server's scrape interval.",
    default: '15s',
    schema: durationInput(),
  },
  now: {
    description: 'Judge as of this time, RFC 3339 or Unix seconds. Default: now.',
    schema: textInput(),
  },
  'dry-run': {
    description: 'Judge and report; write no comment, no issue and no ledger entry.',
    default: 'false',
    schema: booleanInput(),
  },
});

export const outputs = defineOutputs({
  ...commonOutputs,
  breaches: { description: 'JSON list of the merges in breach, as the matrix of the rollback takes it.' },
  holds: { description: 'Number of windows that were held or could not be judged.' },
});

export type Context = ActionContext<typeof inputs, typeof outputs>;
