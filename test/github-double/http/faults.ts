import type { LoggedRequest } from './log.ts';

/**
 * What happens to a request.
 * - `status`: answered by the "edge" without effect, the body is not GitHub's JSON for 5xx;
 * - `secondary-limit`: 403 with `Retry-After`;
 * - `hang`: no answer until the client gives up; with `effect: 'applied'` the write happened;
 * - `drop`: the connection breaks, before or after the effect;
 * - `hook`: run something first (a third party acts, a child is killed), then answer normally (or lose the request).
 */
export type Fault =
  | { readonly do: 'status'; readonly status: number; readonly body?: unknown; readonly effect?: 'none' | 'applied' }
  | { readonly do: 'secondary-limit'; readonly retryAfterSeconds: number }
  | { readonly do: 'hang'; readonly effect: 'none' | 'applied' }
  | { readonly do: 'drop'; readonly effect: 'none' | 'applied' }
  | {
      readonly do: 'hook';
      readonly when?: 'before' | 'after';
      /** `none`: the request is lost after the hook, as when the sender died before it was sent. Default `applied`. */
      readonly effect?: 'none' | 'applied';
      readonly run: (request: LoggedRequest) => void | Promise<void>;
    };

/** Which requests a fault meets. Every given condition must hold. */
export type FaultMatch = {
  /** 1-based number of the request since the plan was set (or since `resetCounter`). */
  readonly at?: number;
  readonly method?: string;
  /** OpenAPI template, or a test on it. */
  readonly route?: string | RegExp;
  readonly operation?: string;
  /** Met this many times, then spent. Default 1. */
  readonly times?: number;
  /** Skip so many matching requests first: 1 with a route is "the second merge". */
  readonly skip?: number;
};

export type PlannedFault = FaultMatch & { readonly fault: Fault };

export type FaultPlan = {
  readonly add: (planned: PlannedFault) => void;
  readonly clear: () => void;
  /** Counts the request and returns the fault that meets it. */
  readonly next: (request: Pick<LoggedRequest, 'method' | 'route' | 'operation'>) => Fault | null;
  /** Requests counted so far. */
  readonly count: () => number;
  readonly resetCounter: () => void;
};

export function createFaultPlan(): FaultPlan {
  let count = 0;
  let planned: { readonly plan: PlannedFault; left: number; skip: number }[] = [];
  return {
    add: (plan) => {
      planned.push({ plan, left: plan.times ?? 1, skip: plan.skip ?? 0 });
    },
    clear: () => {
      planned = [];
    },
    count: () => count,
    resetCounter: () => {
      count = 0;
    },
    next: (request) => {
      count += 1;
      for (const entry of planned) {
        if (entry.left <= 0 || !meets(entry.plan, request, count)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        return entry.plan.fault;
      }
      return null;
    },
  };
}

function meets(
  plan: FaultMatch,
  request: Pick<LoggedRequest, 'method' | 'route' | 'operation'>,
  count: number,
): boolean {
  if (plan.at !== undefined && plan.at !== count) return false;
  if (plan.method !== undefined && plan.method !== request.method) return false;
  if (plan.operation !== undefined && plan.operation !== request.operation) return false;
  if (plan.route === undefined) return true;
  const route = request.route ?? '';
  return typeof plan.route === 'string' ? plan.route === route : plan.route.test(route);
}
