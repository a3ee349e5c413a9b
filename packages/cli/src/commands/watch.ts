import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, nearest, parseDuration } from '@obsgate/core/kernel';
import {
  renderChartSvg,
  renderWatchJson,
  renderWatchMarkdown,
  renderWatchText,
  watchExitCode,
} from '@obsgate/core/report/watch';
import { judge, loadSlo, parseTime, type DumpMeta, type WatchData, type WatchVerdict } from '@obsgate/core/slo';
import { parseAuth } from '@obsgate/prometheus/api';
import { askServer, readDump, readDumpMeta, saveDump, watchData } from '@obsgate/prometheus/watch';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';
import { collect, writeWhole } from '../output.ts';

type WatchFlags = {
  readonly slo: string;
  readonly mergedAt: string;
  readonly now?: string;
  readonly url?: string;
  readonly data?: string;
  readonly save?: string;
  readonly charts?: string;
  readonly scrapeInterval?: string;
  readonly format?: string;
  readonly output?: readonly string[];
  readonly quiet?: boolean;
};

/** `obsgate watch`: judges the window of one merged change, from a server or from what one answered. */
export function addWatchCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  program
    .command('watch')
    .description('judge the time after one merge against its SLO file')
    .requiredOption('--slo <file>', 'SLO file, such as .slo/shop.yml')
    .requiredOption('--merged-at <time>', 'time of the merge, RFC 3339 or Unix seconds')
    .option('--now <time>', 'judge as of this time (default: now)')
    .option('--url <url>', 'Prometheus to ask (credentials: OBSGATE_PROMETHEUS_AUTH)')
    .option('--data <dir>', 'saved answers to judge instead of a server')
    .option('--save <dir>', "write the server's answers, to be judged again with --data")
    .option('--charts <dir>', 'write a chart of each objective, as SVG')
    .option('--scrape-interval <duration>', "the server's scrape interval (default: 15s; with --data meta.json's)")
    .option('--format <format>', `${WATCH_FORMATS.join(', ')} (default: text)`)
    .option('--output <format=file>', 'write the report to a file; may be given several times', collect)
    .option('--quiet', 'print nothing when all is well')
    .option('--no-color', 'no colours')
    .action(async (flags: WatchFlags) => finish(await watchCommand(flags, io)));
}

const WATCH_FORMATS = ['text', 'json', 'markdown'] as const;
type WatchFormat = (typeof WATCH_FORMATS)[number];

async function watchCommand(flags: WatchFlags, io: CliIo): Promise<number> {
  const targets = targetsOf(flags);
  const mergedAt = timeFlag(flags.mergedAt, '--merged-at');
  const now = flags.now === undefined ? Date.now() / 1000 : timeFlag(flags.now, '--now');
  if (now < mergedAt) throw new ConfigError('the time to judge at is before the merge', '--now');
  const { spec, data } = await dataOf(flags, { mergedAt, now }, io);
  const verdict = judge(spec, data, { mergedAt, now });
  if (flags.charts !== undefined) await writeCharts(verdict, resolve(io.cwd, flags.charts));
  for (const { format, path } of targets) {
    if (path !== undefined) await writeWhole(resolve(io.cwd, path), render(verdict, format, false));
    else if (flags.quiet !== true || format !== 'text' || verdict.outcome !== 'pass')
      io.out(render(verdict, format, io.color));
  }
  return watchExitCode(verdict.outcome);
}

type Times = { readonly mergedAt: number; readonly now: number };
type Loaded = { readonly spec: ReturnType<typeof loadSlo>; readonly data: WatchData };

async function dataOf(flags: WatchFlags, times: Times, io: CliIo): Promise<Loaded> {
  if ((flags.url === undefined) === (flags.data === undefined))
    throw new ConfigError('give either --url, a Prometheus to ask, or --data, saved answers');
  const given = flags.scrapeInterval === undefined ? undefined : scrapeFlag(flags.scrapeInterval);
  if (flags.data !== undefined) {
    if (flags.save !== undefined)
      throw new ConfigError('only answers of a server are saved; leave out --data', '--save');
    const folder = resolve(io.cwd, flags.data);
    const meta = withScrape(await readDumpMeta(folder), given);
    const spec = await sloFile(flags.slo, meta.scrapeSeconds, io);
    return { spec, data: await readDump(folder, spec, meta) };
  }
  const meta: DumpMeta = { scrapeSeconds: given ?? 15, merges: [] };
  const spec = await sloFile(flags.slo, meta.scrapeSeconds, io);
  const auth = parseAuth(io.env['OBSGATE_PROMETHEUS_AUTH'] ?? '');
  const answers = await askServer(spec, {
    url: flags.url ?? '',
    ...(auth === undefined ? {} : { auth }),
    ...times,
    scrapeSeconds: meta.scrapeSeconds,
    signal: io.signal,
  });
  if (flags.save !== undefined) {
    const merge = { pr: undefined, sha: undefined, mergedAt: times.mergedAt, deployedAt: undefined };
    await saveDump(resolve(io.cwd, flags.save), { ...meta, merges: [merge] }, answers);
  }
  return { spec, data: watchData(meta, answers) };
}

async function sloFile(path: string, scrapeSeconds: number, io: CliIo): Promise<ReturnType<typeof loadSlo>> {
  try {
    return loadSlo(path, await readFile(resolve(io.cwd, path), 'utf8'), scrapeSeconds);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, path);
  }
}

function withScrape(meta: DumpMeta, given: number | undefined): DumpMeta {
  return given === undefined ? meta : { ...meta, scrapeSeconds: given };
}

function scrapeFlag(text: string): number {
  const duration = parseDuration(text);
  if (duration !== undefined && duration.ms > 0) return duration.ms / 1000;
  throw new ConfigError(`${JSON.stringify(text)} is no duration; write 15s`, '--scrape-interval');
}

function timeFlag(text: string, flag: string): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new ConfigError(
    `${JSON.stringify(text)} is no time; write RFC 3339 (2026-01-31T10:00:00Z) or Unix seconds`,
    flag,
  );
}

function render(verdict: WatchVerdict, format: WatchFormat, color: boolean): string {
  if (format === 'json') return renderWatchJson(verdict);
  return format === 'markdown' ? renderWatchMarkdown(verdict) : renderWatchText(verdict, { color });
}

async function writeCharts(verdict: WatchVerdict, folder: string): Promise<void> {
  for (const metric of verdict.metrics) {
    await writeWhole(join(folder, `${metric.spec.name}.svg`), renderChartSvg(metric, verdict));
  }
}

type Target = { readonly format: WatchFormat; readonly path: string | undefined };

function targetsOf({ format, output = [] }: WatchFlags): Target[] {
  const targets = output.map((text): Target => {
    const at = text.indexOf('=');
    if (at === -1) return { format: formatFlag(text, '--output'), path: undefined };
    if (at === text.length - 1) throw new ConfigError(`${JSON.stringify(text)} names no file`, '--output');
    return { format: formatFlag(text.slice(0, at), '--output'), path: text.slice(at + 1) };
  });
  if (format !== undefined) targets.push({ format: formatFlag(format, '--format'), path: undefined });
  else if (targets.every(({ path }) => path !== undefined)) targets.push({ format: 'text', path: undefined });
  return targets;
}

function formatFlag(text: string, flag: string): WatchFormat {
  const format = WATCH_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  const near = nearest(text, WATCH_FORMATS);
  throw new ConfigError(
    `unknown format ${JSON.stringify(text)}${near === undefined ? '' : `; did you mean ${near}?`} Known: ${WATCH_FORMATS.join(', ')}`,
    flag,
  );
}
