/** Outcome of a judgement. `hold` and `error` never merge into `pass`. */
export type Outcome = 'pass' | 'hold' | 'error' | 'breach';

/** Outcome of a gate. */
export type GateOutcome = 'pass' | 'fail' | 'error';

const JUDGEMENT_ORDER: readonly Outcome[] = ['pass', 'hold', 'error', 'breach'];

/** The worst of the outcomes: breach > error > hold > pass. Nothing judged is a hold, never a pass. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0) return 'hold';
  return outcomes.reduce((worst, next) =>
    JUDGEMENT_ORDER.indexOf(next) > JUDGEMENT_ORDER.indexOf(worst) ? next : worst,
  );
}
