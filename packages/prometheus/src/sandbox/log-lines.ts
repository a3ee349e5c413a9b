import type { LogLine } from '@obsgate/core/gate';

const LEVELS: Readonly<Record<string, LogLine['level']>> = {
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
};

export type LogCapture = {
  add(chunk: string): void;
  lines(): readonly LogLine[];
  /** The loopback address that the server says it listens on, `127.0.0.1:34047`, once it has said it. */
  address(): string | undefined;
};

/** Reads the JSON log of Prometheus and Pushgateway as it comes, in pieces that end anywhere. */
export function captureLog(): LogCapture {
  const lines: LogLine[] = [];
  let rest = '';
  let address: string | undefined;
  return {
    add: (chunk) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) {
        if (text.trim() === '') continue;
        const fields = fieldsOf(text);
        lines.push(logLine(text, fields));
        address ??= addressOf(fields);
      }
    },
    lines: () => [...lines, ...(rest.trim() === '' ? [] : [logLine(rest, fieldsOf(rest))])],
    address: () => address,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {}; // a panic or a usage message: kept as plain text
  }
}

function logLine(text: string, fields: Fields): LogLine {
  const { level, msg, err } = fields;
  return {
    level: (typeof level === 'string' ? LEVELS[level.toLowerCase()] : undefined) ?? 'unknown',
    message: typeof msg === 'string' ? msg : text.trim(),
    error: typeof err === 'string' ? err : '',
  };
}

// The line before, "Start listening for connections", shows the address as it was given, with port 0.
function addressOf({ msg, address }: Fields): string | undefined {
  if (msg !== 'Listening on' || typeof address !== 'string') return undefined;
  return /^(?:127\.0\.0\.1|\[::1\]):[1-9]\d*$/.test(address) ? address : undefined;
}
