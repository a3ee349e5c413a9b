import type { Reply } from '../reply.ts';
import type { Call } from './router.ts';

export type Page<Item> = {
  readonly items: readonly Item[];
  readonly headers: Record<string, string>;
  readonly total: number;
};

/** Cuts one page and writes the `Link` header as GitHub does: prev, next, last, first, each only where it makes sense. */
export function page<Item>(call: Call, all: readonly Item[]): Page<Item> {
  const size = clamp(call.query.get('per_page'), 30, 100);
  const at = clamp(call.query.get('page'), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(all.length / size));
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    return `<${call.world.baseUrl}${call.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(at > 1 ? [link(at - 1, 'prev')] : []),
    ...(at < last ? [link(at + 1, 'next'), link(last, 'last')] : []),
    ...(at > 1 ? [link(1, 'first')] : []),
  ];
  const items = all.slice((at - 1) * size, at * size);
  return { items, total: all.length, headers: links.length > 0 ? { link: links.join(', ') } : {} };
}

/** A paged list as the whole body. */
export function paged<Item>(call: Call, all: readonly Item[], show: (item: Item) => unknown): Reply {
  const { items, headers } = page(call, all);
  return { status: 200, body: items.map((item) => show(item)), headers };
}

/** A paged list under a key beside `total_count`. */
export function pagedUnder<Item>(call: Call, key: string, all: readonly Item[], show: (item: Item) => unknown): Reply {
  const { items, headers, total } = page(call, all);
  return { status: 200, body: { total_count: total, [key]: items.map((item) => show(item)) }, headers };
}

function clamp(text: string | null, fallback: number, max: number): number {
  const value = Number(text ?? fallback);
  return Number.isInteger(value) && value > 0 ? Math.min(value, max) : fallback;
}
