import type { Reason } from '../kernel/index.ts';
import {
  baselineOf,
  driftFrom,
  type Baseline,
  type Difference,
  type Json,
  type ProtectionPort,
} from '../protection/index.ts';

export type BranchDrift = {
  readonly branch: string;
  /** Empty: as committed. `before` is the committed value, `after` the live one. */
  readonly differences: readonly Difference[];
  /** Why the branch could not be compared. */
  readonly reasons: readonly Reason[];
  /** The protection as it is, in the form that a baseline is committed in. */
  readonly live: Json;
};

/** Compares the live protection of every branch of the baseline, and of `branches`, with what is committed. */
export async function readDrift(
  protection: Pick<ProtectionPort, 'read'>,
  baseline: Baseline | undefined,
  branches: readonly string[],
): Promise<readonly BranchDrift[]> {
  const all = [...new Set([...Object.keys(baseline?.branches ?? {}), ...branches])];
  const drifts: BranchDrift[] = [];
  for (const branch of all) {
    // oxlint-disable-next-line no-await-in-loop -- a few branches, and a gentle pace
    const read = await protection.read(branch);
    if (read.kind === 'refused') {
      drifts.push({ branch, differences: [], reasons: read.reasons, live: null });
      continue;
    }
    const committed = baseline?.branches[branch];
    const differences = committed === undefined ? [] : driftFrom(committed, read.snapshot);
    drifts.push({
      branch,
      differences,
      reasons: differences.length === 0 ? [] : [drifted(branch, differences)],
      live: baselineOf(read.snapshot),
    });
  }
  return drifts;
}

function drifted(branch: string, differences: readonly Difference[]): Reason {
  const paths = differences.map(({ path }) => path).join(', ');
  return {
    code: 'protection_drift',
    message: `the protection of ${branch} is not the committed one: ${paths}`,
    subject: branch,
  };
}
