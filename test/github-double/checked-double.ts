import { formatViolations, validateExchange } from './conformance/validate.ts';
import type { Double, DoubleOptions } from './double.ts';
import { startDouble } from './double.ts';

/** A double that compares every exchange with GitHub's description; `close()` throws what differed. */
export function startCheckedDouble(options: Omit<DoubleOptions, 'onExchange'> = {}): Promise<Double> {
  return startDouble({
    ...options,
    onExchange: (exchange) => {
      const violations = validateExchange(exchange);
      if (violations.length > 0) throw new Error(formatViolations(exchange, violations));
    },
  });
}
