import { rangeBetween } from '../../../kernel/index.ts';
import type { LintRule } from '../../model.ts';

/** A mistyped pattern would turn every heartbeat rule off without a word. */
export const none: LintRule = {
  id: 'heartbeat/none',
  summary: 'The repository has heartbeat rules, and the configured pattern finds them.',
  docs: 'docs/rules/heartbeat/none.md',
  severity: 'error',
  reach: 'project',
  scope: 'project',
  *check({ rules, heartbeats, files }) {
    const [file] = files;
    if (file === undefined || rules.length === 0 || heartbeats.length > 0) return;
    yield {
      file: file.path,
      range: rangeBetween(file.source, 0, 0),
      subject: 'none',
      message: `No rule of ${rules.length} records or reads a heartbeat, so no heartbeat rule has been checked; does gate.lint.heartbeat.match fit the names of your heartbeats?`,
      help: 'Set gate.lint.heartbeat.match, add heartbeat rules (`obsgate init` writes them), or turn this rule off where there is no heartbeat.',
    };
  },
};
