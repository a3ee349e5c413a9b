/** A share for people, with three significant digits: `0.312 %`. */
export function percent(share: number): string {
  return `${significant(share * 100)} %`;
}

/** A number with three significant digits and no exponent: `0.45`, `12.3`, `1,200`. */
export function significant(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3, useGrouping: Math.abs(value) >= 10_000 });
}

/** Seconds as minutes: `5 minutes`, `1 minute`, `1.5 minutes`. */
export function minutes(seconds: number): string {
  const value = significant(seconds / 60);
  return `${value} ${value === '1' ? 'minute' : 'minutes'}`;
}

/** A moment: `10:42:00Z`, with its date where that is not `day`. */
export function clock(at: number): string {
  return new Date(Math.round(at * 1000)).toISOString().replace('.000', '');
}
