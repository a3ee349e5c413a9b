import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import * as z from 'zod';
import { addExplainCommand } from './commands/explain.ts';
import { addGateCommands } from './commands/gate.ts';
import { addHeartbeatCommand } from './commands/heartbeat.ts';
import { addLintCommand } from './commands/lint.ts';
import { addMergeCommand } from './commands/merge.ts';
import { addReloadCommand } from './commands/reload.ts';
import { addRollbackCommand } from './commands/rollback.ts';
import { addRulepackCommand } from './commands/rulepack.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addWatchCommand } from './commands/watch.ts';
import { withExamples } from './help.ts';
import type { CliIo } from './io.ts';

const manifestSchema = z.object({ version: z.string() });

/** The whole command line. Each command hands its exit code to `finish`. */
export function buildProgram(io: CliIo, finish: (exitCode: number) => void): Command {
  const program = new Command('obsgate')
    .description('Proves, merges, watches and rolls back changes to Prometheus configuration and rules.')
    .version(versionOf(io.home), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError('(add --help for usage)')
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();
  addGateCommands(program, io, finish);
  addLintCommand(program, io, finish);
  addHeartbeatCommand(program, io, finish);
  addReloadCommand(program, io, finish);
  addWatchCommand(program, io, finish);
  addMergeCommand(program, io, finish);
  addExplainCommand(program, io, finish);
  addRollbackCommand(program, io, finish);
  addRulepackCommand(program, io, finish);
  addSchemaCommand(program, io, finish);
  return withExamples(program, [
    ['obsgate gate', 'all five stages on this folder'],
    ['obsgate lint rules/', 'rule files without any configuration'],
    ['obsgate explain heartbeat/range', 'what a finding means'],
  ]);
}

function versionOf(home: URL): string {
  return manifestSchema.parse(JSON.parse(readFileSync(new URL('package.json', home), 'utf8'))).version;
}
