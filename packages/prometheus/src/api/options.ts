import { ConfigError } from '@obsgate/core/kernel';

/** How the server is asked. Credentials are sent and never shown. */
export type ServerAuth =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** The whole value of the `Authorization` header. */
  | { readonly kind: 'header'; readonly value: string };

export type ServerOptions = {
  /** Base URL, with the path prefix if the server has one (`https://host/prometheus`). */
  readonly url: string;
  readonly auth?: ServerAuth;
  /** For one request, in milliseconds. Default 10,000. */
  readonly deadlineMs?: number;
  /** Tries of one read, the first included. Default 3. */
  readonly tries?: number;
  readonly signal?: AbortSignal;
};

export type Endpoint = {
  /** Without credentials, query, fragment and trailing slash: for messages and as the base of every request. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Reads the base URL; credentials in it (`https://user:password@host`) become basic authentication.
 *
 * @throws ConfigError when it is no http(s) URL. The message never repeats the URL, which may hold a password.
 */
export function endpointOf(options: Pick<ServerOptions, 'url' | 'auth'>): Endpoint {
  if (!URL.canParse(options.url)) throw new ConfigError('the Prometheus URL is no URL; write http://host:9090');
  const url = new URL(options.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(`the Prometheus URL has the scheme ${url.protocol} instead of http: or https:`);
  }
  const authorization = authorizationOf(options.auth ?? authInUrl(url));
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    headers: authorization === undefined ? {} : { authorization },
  };
}

/**
 * Reads credentials as they are given by an input or a variable: `Bearer TOKEN` and `Basic BASE64` are sent as they
 * are, `user:password` is basic authentication, anything else is a bearer token. Undefined for an empty text.
 */
export function parseAuth(text: string): ServerAuth | undefined {
  const value = text.trim();
  if (value === '') return undefined;
  if (/^(?:bearer|basic)\s+\S/i.test(value)) return { kind: 'header', value };
  const colon = value.indexOf(':');
  if (colon === -1) return { kind: 'bearer', token: value };
  return { kind: 'basic', username: value.slice(0, colon), password: value.slice(colon + 1) };
}

function authInUrl(url: URL): ServerAuth | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return {
    kind: 'basic',
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}

function authorizationOf(auth: ServerAuth | undefined): string | undefined {
  if (auth === undefined) return undefined;
  const value = headerValue(auth);
  // fetch would throw with the value in its message.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
    throw new ConfigError('the Prometheus credentials hold a line break or control character');
  return value;
}

function headerValue(auth: ServerAuth): string {
  if (auth.kind === 'header') return auth.value;
  if (auth.kind === 'bearer') return `Bearer ${auth.token}`;
  return `Basic ${Buffer.from(`${auth.username}:${auth.password}`, 'utf8').toString('base64')}`;
}
