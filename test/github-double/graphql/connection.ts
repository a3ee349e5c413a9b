import { isRecord } from '../http/body.ts';
import { fail } from './context.ts';

export type PageArgs = {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
};

export function pageArgs(args: unknown): PageArgs {
  if (!isRecord(args)) return {};
  const number = (key: string): number | null => (typeof args[key] === 'number' ? args[key] : null);
  const cursor = (key: string): string | null => (typeof args[key] === 'string' ? args[key] : null);
  return { first: number('first'), last: number('last'), after: cursor('after'), before: cursor('before') };
}

function encode(index: number): string {
  return Buffer.from(`cursor:${index}`).toString('base64');
}

function decode(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64').toString().replace('cursor:', ''));
}

/** One page of a Relay connection. GitHub demands `first` or `last`, at most 100. */
export function connection<Item>(
  typeName: string,
  items: readonly Item[],
  args: unknown,
  node: (item: Item) => unknown,
): Record<string, unknown> {
  const { first, last, after, before } = pageArgs(args);
  const size = first ?? last;
  if (size === null || size === undefined)
    fail(
      'UNPROCESSABLE',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${typeName}\` connection.`,
    );
  if (size > 100)
    fail(
      'UNPROCESSABLE',
      `Requesting ${size} records on the \`${typeName}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  const low = after ? decode(after) + 1 : 0;
  const high = before ? decode(before) : items.length;
  const start = typeof first === 'number' ? low : Math.max(low, high - size);
  const end = typeof first === 'number' ? Math.min(high, low + size) : high;
  const chosen = items.slice(start, end).map((item, at) => ({ cursor: encode(start + at), node: node(item) }));
  return {
    totalCount: items.length,
    nodes: chosen.map((edge) => edge.node),
    edges: chosen,
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: chosen[0]?.cursor ?? null,
      endCursor: chosen.at(-1)?.cursor ?? null,
    },
  };
}
