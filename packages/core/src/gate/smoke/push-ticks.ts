import type { Reason } from '../../kernel/index.ts';
import type { SeriesLabels } from '../../server/index.ts';
import type { Clock, Pushgateway, SandboxServer } from '../reload/sandbox-port.ts';
import { labelText, numberText, type HistorySeries } from './history.ts';

/** Series that are pushed together: a Pushgateway's group is its labels. */
export type PushGroup = { readonly labels: SeriesLabels; readonly series: readonly HistorySeries[] };

const TICKS = 2;

/** The sandbox's scrape job for its Pushgateway: labels of the push stay as they are. */
export function scrapeJob(address: string): Readonly<Record<string, unknown>> {
  return {
    job_name: 'obsgate-pushgateway',
    honor_labels: 'true',
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: [{ targets: [address] }],
  };
}

/** The series that a Pushgateway can carry on: it needs a `job` label to group by. */
export function pushGroups(series: readonly HistorySeries[]): readonly PushGroup[] {
  const groups = new Map<string, { labels: SeriesLabels; series: HistorySeries[] }>();
  for (const item of series) {
    if (item.labels['job'] === undefined || item.points.length === 0) continue;
    const key = labelText(Object.fromEntries(Object.entries(item.labels).sort(([a], [b]) => (a < b ? -1 : 1))));
    const group = groups.get(key) ?? { labels: item.labels, series: [] };
    group.series.push(item);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Pushes two ticks, each awaited until the sandbox has scraped it. Returns why it could not. */
export async function pushTicks(
  server: SandboxServer,
  gateway: Pushgateway,
  groups: readonly PushGroup[],
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<Reason[]> {
  const deadline = clock.now() + deadlineMs;
  for (let tick = 1; tick <= TICKS; tick++) {
    const now = clock.unixSeconds();
    for (const { labels, series } of groups) {
      const { job = '', ...rest } = labels;
      const body = series.map((item) => `${item.name} ${numberText(nextValue(item, tick, now))}\n`).join('');
      const refused = await gateway.push({ job, ...rest }, body);
      if (refused !== undefined) return [refused];
    }
    const late = await untilScraped(server, groups, now, clock, deadline);
    if (late !== undefined) return [late];
  }
  return [];
}

function nextValue({ next, points }: HistorySeries, tick: number, now: number): number {
  if (next === 'timestamp') return Math.floor(now);
  const last = points.at(-1)?.value ?? 0;
  return next === 'counts' ? last + tick : last;
}

// push_time_seconds is the Pushgateway's own metric of each group: scraped with a newer time, the tick has arrived.
async function untilScraped(
  server: SandboxServer,
  groups: readonly PushGroup[],
  pushedAt: number,
  clock: Clock,
  deadline: number,
): Promise<Reason | undefined> {
  for (;;) {
    const answer = await server.api.query(`count(push_time_seconds >= ${pushedAt - 0.001})`);
    const seen = answer.ok ? answer.value.samples[0]?.value : undefined;
    if (seen?.kind === 'value' && seen.value >= groups.length) return undefined;
    if (groups.length === 0) return undefined;
    if (clock.now() >= deadline) {
      return { code: 'deadline_exceeded', message: 'the sandbox did not scrape a tick from its Pushgateway in time' };
    }
    await clock.sleep(50);
  }
}
