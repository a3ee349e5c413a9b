import { resolve } from 'node:path';
import { lintFiles } from '@obsgate/prometheus/gate';
import type { Command } from 'commander';
import { gateExitCode } from '@obsgate/core/report';
import type { CliIo } from '../io.ts';
import { addReportFlags, outputTargets, writeOutputs } from '../output.ts';

type LintFlags = { readonly format?: string; readonly output?: readonly string[]; readonly quiet?: boolean };

/** `obsgate lint PATH...`: rule files without any configuration. */
export function addLintCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const command = program
    .command('lint')
    .description('lint rule files without any configuration')
    .argument('<path...>', 'rule files, folders of them, PrometheusRule objects');
  addReportFlags(command).action(async (paths: readonly string[], flags: LintFlags) => {
    const targets = outputTargets(flags.format, flags.output);
    const result = await lintFiles(
      paths.map((path) => resolve(io.cwd, path)),
      io.cwd,
    );
    await writeOutputs(result.report, targets, result, io, flags.quiet === true);
    finish(gateExitCode(result.report));
  });
}
