import type { Outcome } from '../../kernel/index.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

/** Exit code of a judgement: hold and error are undecided, never a pass and never a breach. */
export function watchExitCode(outcome: Outcome): ExitCode {
  if (outcome === 'pass') return EXIT.pass;
  return outcome === 'breach' ? EXIT.fail : EXIT.undecided;
}
