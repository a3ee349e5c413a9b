import { printInert, readState, type PostResult } from '@obsgate/action-kit';
import { defaultConfig } from '@obsgate/core/config';
import { finishOpenLeases } from '@obsgate/core/guard';
import { finishPorts, mergePorts } from '../auto-relax-merge/ports.ts';
import { openJob } from '../github-session.ts';
import type { Context } from './definition.ts';
import { PERMISSIONS } from './ports.ts';

/** Finishes what main left when it was cancelled or killed in the middle of a merge. Usually there is nothing. */
export async function finishLeftovers({ inputs, env }: Context): Promise<PostResult> {
  if (readState('lease', env) === undefined) return { kind: 'done' };
  const opened = await openJob(inputs, PERMISSIONS, env);
  if (opened.kind === 'refused')
    return { kind: 'left-open', message: opened.reasons.map(({ message }) => message).join('; ') };
  const { job } = opened;
  try {
    const reports = await finishOpenLeases(finishPorts(mergePorts(job, defaultConfig(), inputs['seal-key'])));
    const open = reports.flatMap((report) => {
      if (report.kind === 'refused') return report.reasons.map(({ message }) => message);
      if (report.kind !== 'finished') return [];
      printInert(`the lease on ${JSON.stringify(report.branch)}: ${report.outcome}\n`);
      return report.outcome === 'open' ? report.reasons.map(({ message }) => message) : [];
    });
    return open.length === 0 ? { kind: 'done' } : { kind: 'left-open', message: open.join('; ') };
  } finally {
    await job.close();
  }
}
