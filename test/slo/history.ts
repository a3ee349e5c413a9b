import { seededRandom } from '@obsgate/core/slo/stats';

/** Scrapes of a counter pair, as a service that runs for hours shows them. */
export type Service = {
  readonly job: string;
  /** Requests a minute. */
  readonly requests: number;
  /** Share of bad requests by minute since the merge; undefined: the series of errors does not exist. */
  readonly share: ((minute: number) => number) | undefined;
  /** Minutes in which the service is not scraped. */
  readonly lost?: (minute: number) => boolean;
  /** Minute of a restart, which sets its counters to 0. */
  readonly restart?: number;
};

export const SCRAPE_SECONDS = 15;
const BEFORE = 125;
const AFTER = 125;

/** OpenMetrics text of all services from two hours before `mergedAt` to two hours after it. */
export function openMetrics(services: readonly Service[], mergedAt: number): string {
  const errors: string[] = [];
  const requests: string[] = [];
  for (const [index, service] of services.entries()) {
    const samples = samplesOf(service, mergedAt, index + 1);
    for (const { at, all, bad } of samples) {
      requests.push(`app_requests_total{job="${service.job}",code="200"} ${all - bad} ${at}`);
      if (service.share !== undefined) errors.push(`app_requests_total{job="${service.job}",code="500"} ${bad} ${at}`);
    }
  }
  const state = ['# TYPE app_up gauge'];
  for (let at = mergedAt - BEFORE * 60; at <= mergedAt + 600; at += SCRAPE_SECONDS) state.push(`app_up 1 ${at}`);
  return ['# TYPE app_requests counter', ...requests, ...errors, ...state, '# EOF', ''].join('\n');
}

function samplesOf(service: Service, mergedAt: number, seed: number): { at: number; all: number; bad: number }[] {
  const random = seededRandom(seed);
  const scatter = (mean: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  };
  const samples: { at: number; all: number; bad: number }[] = [];
  let [all, bad] = [0, 0];
  for (let at = mergedAt - BEFORE * 60; at <= mergedAt + AFTER * 60; at += SCRAPE_SECONDS) {
    const minute = (at - mergedAt) / 60;
    if (service.restart !== undefined && Math.abs(minute - service.restart) < 0.1) [all, bad] = [0, 0];
    const now = scatter((service.requests * SCRAPE_SECONDS) / 60);
    all += now;
    bad += Math.min(now, scatter(now * (service.share?.(minute) ?? 0)));
    if (service.lost?.(minute) !== true) samples.push({ at, all, bad });
  }
  return samples;
}
