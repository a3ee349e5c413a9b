import type { Clock } from '@obsgate/core/gate';

export const wallClock: Clock = {
  now: () => performance.now(),
  unixSeconds: () => Date.now() / 1000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
