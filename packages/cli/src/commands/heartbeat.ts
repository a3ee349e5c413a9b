import {
  assuredChanges,
  minimalFreshness,
  minimalWindow,
  missProbability,
  roundedUp,
  type HeartbeatTiming,
} from '@obsgate/core/heartbeat';
import { ConfigError, formatDuration, parseDuration, type Duration } from '@obsgate/core/kernel';
import { EXIT } from '@obsgate/core/report';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';

type TuneFlags = { readonly tick: string; readonly scrapeInterval: string; readonly pMiss: string };

/** `obsgate heartbeat tune`: the window and the freshness that a heartbeat's rules need. */
export function addHeartbeatCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const heartbeat = program.command('heartbeat').description('work with heartbeats');
  heartbeat
    .command('tune')
    .description('compute the window and the freshness for a heartbeat')
    .option('--tick <duration>', 'interval at which the writer ticks', '60s')
    .option('--scrape-interval <duration>', 'interval at which Prometheus scrapes it', '15s')
    .option('--p-miss <share>', 'accepted probability that a window holds no tick of a live writer', '0.05')
    .action((flags: TuneFlags) => {
      io.out(tuneText(timingOf(flags)));
      finish(EXIT.pass);
    });
}

function timingOf({ tick, scrapeInterval, pMiss }: TuneFlags): HeartbeatTiming {
  const share = Number(pMiss);
  if (!(share > 0 && share < 1)) throw new ConfigError(`${JSON.stringify(pMiss)} is not between 0 and 1`, '--p-miss');
  return { tick: duration(tick, '--tick'), scrape: duration(scrapeInterval, '--scrape-interval'), pMiss: share };
}

function duration(text: string, flag: string): Duration {
  const parsed = parseDuration(text);
  if (parsed !== undefined && parsed.ms > 0) return parsed;
  throw new ConfigError(`${JSON.stringify(text)} is no duration; write a number and a unit, such as 60s or 2m`, flag);
}

function tuneText(timing: HeartbeatTiming): string {
  const window = roundedUp(minimalWindow(timing));
  const fresh = roundedUp(minimalFreshness(timing));
  const miss = (100 * missProbability(window, timing)).toPrecision(2);
  return [
    `window      ${formatDuration(window)}   a live writer shows no tick in it with a probability of ${miss} %`,
    `changes     ${assuredChanges(window, timing)}    ticks that a regular writer is sure to show in the window`,
    `freshness   ${formatDuration(fresh)}   the least age at which the last tick may be called stale`,
    '',
  ].join('\n');
}
