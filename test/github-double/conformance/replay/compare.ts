/**
 * Where an answer lacks what the recorded one has: keys, elements of a list, objects. Values are not compared, except
 * that an object or list must not be null or of another kind. More keys than recorded are for the description to judge.
 *
 * @returns JSON pointers with what is wrong there; indices are left out, so that a list reports each place once
 */
export function missing(recorded: unknown, actual: unknown, at = ''): readonly string[] {
  if (Array.isArray(recorded)) return missingInList(recorded, actual, at);
  if (!isRecord(recorded)) return [];
  if (!isRecord(actual)) return [`${at} is ${kind(actual)}, not an object`];
  return Object.keys(recorded).flatMap((key) =>
    key in actual ? missing(recorded[key], actual[key], `${at}/${key}`) : [`${at}/${key} is absent`],
  );
}

function missingInList(recorded: readonly unknown[], actual: unknown, at: string): readonly string[] {
  if (!Array.isArray(actual)) return [`${at} is ${kind(actual)}, not a list`];
  if (recorded.length > 0 && actual.length === 0) return [`${at} is empty`];
  const fit = recorded.map((element) => best(actual.map((candidate) => missing(element, candidate, `${at}/*`))));
  return [...new Set(fit.flat())];
}

/** Elements are told apart by what they have (`tree` entries with and without size), so the closest one counts. */
function best(differences: readonly (readonly string[])[]): readonly string[] {
  return differences.reduce((least, next) => (next.length < least.length ? next : least), differences[0] ?? []);
}

function kind(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
