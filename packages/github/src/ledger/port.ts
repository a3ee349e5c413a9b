import type { AppendResult, AuditEntry, AuditFacts, LedgerPort } from '@obsgate/core/ledger';
import { appendEntries, ledgerPath } from '@obsgate/core/ledger';
import { reasonOf, type Failure, type GitHubClient } from '../client/index.ts';
import { createBranch } from './create-branch.ts';
import { readFile, readStand, writeFile, type Stand } from './file.ts';

export type LedgerOptions = {
  /** `obsgate-ledger` by default. */
  readonly branch?: string;
  /** Who is named in entries that name nobody else. */
  readonly actor: string;
  readonly run: { readonly id: number; readonly attempt: number; readonly url: string };
  readonly now?: () => number;
  readonly newId?: () => string;
  readonly sleep?: (ms: number) => Promise<void>;
};

const ATTEMPTS = 6;
const FIRST_DELAY_MS = 100;

/**
 * The ledger as a branch of the repository. A write replaces the month's file only if it still is the one that was
 * read (GitHub compares its blob), as a commit on top of the branch: whoever loses reads again and chains anew.
 */
export function ledgerPort(client: GitHubClient, options: LedgerOptions): LedgerPort {
  const branch = options.branch ?? 'obsgate-ledger';
  return {
    append: (facts) => append(client, branch, { ...defaults, ...options }, facts),
    readMonth: async (month) => {
      const file = await readFile(client, branch, `audit/${month}.ndjson`);
      if (file.kind === 'failed')
        return { kind: 'refused', reasons: [reasonOf(file.failure, 'the ledger could not be read')] };
      return { kind: 'ok', text: file.value?.text };
    },
  };
}

const defaults = {
  now: Date.now,
  newId: (): string => crypto.randomUUID(),
  sleep: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
};

type Writer = Required<Omit<LedgerOptions, 'branch'>>;

async function append(
  client: GitHubClient,
  branch: string,
  writer: Writer,
  facts: readonly AuditFacts[],
): Promise<AppendResult> {
  if (facts.length === 0) return { kind: 'appended', entries: [] };
  const entries = facts.map((fact) => entryOf(writer, fact));
  // By the time of writing, whatever time an entry tells of: the chain runs through the files in their order.
  const path = ledgerPath(new Date(writer.now()).toISOString());
  const ids = entries.map(({ id }) => id);
  let last: Failure | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- each attempt builds on what the one before it found
    const stand = await readStand(client, branch, path);
    if (stand.kind === 'failed') return unwritten(stand.failure, branch);
    const done = alreadyThere(stand.value, ids);
    if (done !== undefined) return { kind: 'appended', entries: done };
    const chained = appendEntries(stand.value.text, stand.value.head, entries);
    // oxlint-disable-next-line no-await-in-loop
    const written = await write(client, {
      branch,
      path,
      stand: stand.value,
      text: chained.text,
      message: messageOf(entries),
    });
    if (written === undefined) return { kind: 'appended', entries: chained.entries };
    last = written;
    const lost = written.kind === 'conflict' || written.kind === 'invalid' || written.effect === 'unknown';
    if (!lost && written.kind !== 'rate-limited') return unwritten(written, branch);
    // oxlint-disable-next-line no-await-in-loop
    await writer.sleep(written.retryAfterMs ?? FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random()));
  }
  const reason =
    last && reasonOf(last, `the ledger on ${branch} was written by others in each of ${ATTEMPTS} attempts`);
  return { kind: 'refused', reasons: reason === undefined ? [] : [{ ...reason, code: 'ledger_conflict' }] };
}

type Write = {
  readonly branch: string;
  readonly path: string;
  readonly stand: Stand;
  readonly text: string;
  readonly message: string;
};

async function write(
  client: GitHubClient,
  { branch, path, stand, text, message }: Write,
): Promise<Failure | undefined> {
  return stand.branchExists
    ? writeFile(client, { branch, path, text, message, sha: stand.sha })
    : createBranch(client, { branch, path, text, message });
}

/** After a write without an answer: the entries, if they are there. */
function alreadyThere(stand: Stand, ids: readonly string[]): readonly AuditEntry[] | undefined {
  const [first = ''] = ids;
  if (!stand.text.includes(JSON.stringify(first))) return undefined;
  const lines = stand.text.split('\n').filter((line) => ids.some((id) => line.includes(JSON.stringify(id))));
  // These lines are our own, written a moment ago.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return lines.length === ids.length ? lines.map((line) => JSON.parse(line) as AuditEntry) : undefined;
}

function entryOf(writer: Writer, { stage, result, reasons, ctx, actor, ts }: AuditFacts): Omit<AuditEntry, 'prev'> {
  const { id, attempt, url } = writer.run;
  return {
    schema: 'obsgate.audit/1',
    id: writer.newId(),
    ts: ts ?? new Date(writer.now()).toISOString(),
    stage,
    result,
    reasons,
    actor: actor ?? writer.actor,
    run: { id, attempt, url },
    ctx,
  };
}

/** Pushes to the ledger start no workflows. */
function messageOf(entries: readonly Pick<AuditEntry, 'stage' | 'result' | 'ctx'>[]): string {
  const stages = [...new Set(entries.map(({ stage, result }) => `${stage} ${result}`))].join(', ');
  const pr = entries.find(({ ctx }) => ctx.pr !== undefined)?.ctx.pr;
  return `Record ${stages}${pr === undefined ? '' : ` of #${pr}`} [skip ci]`;
}

function unwritten(failure: Failure, branch: string): AppendResult {
  return { kind: 'refused', reasons: [reasonOf(failure, `the ledger on ${branch} could not be written`)] };
}
