/** Sends one request and returns its parsed body; throws when it is not answered with a 2xx. */
export type Go = (
  who: Traveller,
  method: string,
  path: string,
  body?: unknown,
) => Promise<Readonly<Record<string, unknown>>>;

/** Whose token is sent: a person who owns the organization, an App as itself (JWT), or the App's installation. */
export type Traveller = 'person' | 'jwt' | 'installation';

/** The organization's repository that the tour visits. */
export const repository = '/repos/acme/rules';

/** For paths and bodies: a value that must be there. */
export function must(value: unknown): string | number {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new Error(`a string or number was expected, not ${JSON.stringify(value)}`);
}

/** One element of a list that must be there. */
export function first(value: unknown): Readonly<Record<string, unknown>> {
  const element: unknown = Array.isArray(value) ? value[0] : undefined;
  if (typeof element === 'object' && element !== null) return { ...element };
  throw new Error(`a list with objects was expected, not ${JSON.stringify(value)}`);
}

/** An object in an object. */
export function within(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = record[key];
  if (typeof value === 'object' && value !== null) return { ...value };
  throw new Error(`${key} must be an object, not ${JSON.stringify(value)}`);
}
