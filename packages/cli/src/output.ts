import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { GateReport } from '@obsgate/core/gate';
import { ConfigError, nearest } from '@obsgate/core/kernel';
import { REPORT_FORMATS, renderReport, type RenderContext, type ReportFormat } from '@obsgate/core/report';
import type { Command } from 'commander';
import type { CliIo } from './io.ts';

/** Where a report goes: standard output, or a file. */
export type OutputTarget = { readonly format: ReportFormat; readonly path: string | undefined };

/** Reads `--format` and the repeatable `--output format=path` or `--output format` (standard output). */
export function outputTargets(format: string | undefined, outputs: readonly string[] = []): OutputTarget[] {
  const targets = outputs.map((text): OutputTarget => {
    const at = text.indexOf('=');
    if (at === -1) return { format: reportFormat(text, '--output'), path: undefined };
    if (at === text.length - 1) throw new ConfigError(`${JSON.stringify(text)} names no file`, '--output');
    return { format: reportFormat(text.slice(0, at), '--output'), path: text.slice(at + 1) };
  });
  if (format !== undefined) targets.push({ format: reportFormat(format, '--format'), path: undefined });
  else if (targets.every(({ path }) => path !== undefined)) targets.push({ format: 'text', path: undefined });
  return targets;
}

/** Writes the report to every target. A file is written whole or not at all. */
export async function writeOutputs(
  report: GateReport,
  targets: readonly OutputTarget[],
  context: Omit<RenderContext, 'color'>,
  io: CliIo,
  quiet: boolean,
): Promise<void> {
  for (const { format, path } of targets) {
    if (path !== undefined)
      await writeWhole(resolve(io.cwd, path), renderReport(report, format, { ...context, color: false }));
    else if (!quiet || format !== 'text' || report.outcome !== 'pass') {
      const width = io.width === undefined ? {} : { width: io.width };
      io.out(renderReport(report, format, { ...context, ...width, color: io.color, quiet }));
    }
  }
}

/**
 * Writes a file whole or not at all, making its folder on the way.
 *
 * @throws ConfigError when it cannot be written there.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ConfigError(`cannot be written: ${error instanceof Error ? error.message : String(error)}`, path);
  }
}

function reportFormat(text: string, flag: string): ReportFormat {
  const format = REPORT_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  const near = nearest(text, REPORT_FORMATS);
  const hint = near === undefined ? '.' : `; did you mean ${near}?`;
  throw new ConfigError(`unknown format ${JSON.stringify(text)}${hint} Known: ${REPORT_FORMATS.join(', ')}`, flag);
}

/** The options of every command that prints a report. */
export function addReportFlags(command: Command): Command {
  return command
    .option('--format <format>', `${REPORT_FORMATS.join(', ')} (default: text)`)
    .option(
      '--output <format=file>',
      'write the report to a file, beside the text here; may be given several times',
      collect,
    )
    .option('--quiet', 'print errors only, and nothing when all is well')
    .option('--no-color', 'no colours; so does NO_COLOR');
}

/** For options that may be given several times. */
export function collect(value: string, previous?: readonly string[]): string[] {
  return [...(previous ?? []), value];
}
