import type { GateOutcome } from '@obsgate/core/kernel';

/** Exit codes of every command. */
export const EXIT = {
  pass: 0,
  /** Fail, breach, ABORT, NO-GO. */
  fail: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  /** Hold, missing data, server or tool out of reach: nothing was decided. */
  undecided: 3,
  /** A defect of Obsgate itself. */
  internal: 70,
} as const;

export function gateExitCode(outcome: GateOutcome): number {
  switch (outcome) {
    case 'pass':
      return EXIT.pass;
    case 'fail':
      return EXIT.fail;
    case 'error':
      return EXIT.undecided;
  }
}
