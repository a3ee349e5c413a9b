import type { ConfigError } from '@obsgate/core/kernel';
import { workflowCommand } from '@obsgate/core/report/workflow-command';

/** `file:line:column: message`, the form in which readers of input files name a place. */
const PLACED_LINE = /^(?<file>[^\s:][^:]*):(?<line>\d+)(?::(?<column>\d+))?: (?<message>.+)$/;

/** Shows the user's fault: one annotation for each place that the message names, else one for the whole message. */
export function reportConfigError(error: ConfigError): void {
  const lines = error.message.split('\n');
  const placed = lines.map((line) => PLACED_LINE.exec(line)?.groups);
  if (placed.includes(undefined)) return say('error', {}, error.message);
  for (const groups of placed) {
    const { file, line, column, message = '' } = groups ?? {};
    say('error', { file, line, col: column }, `${file}:${line}${column === undefined ? '' : `:${column}`}: ${message}`);
  }
}

/** Shows a defect of ours with its causes; the stacks only when the run is being debugged. */
export function reportCrash(error: unknown, env: NodeJS.ProcessEnv): void {
  const chain = causeChain(error);
  const text = chain
    .map((cause, index) => (index === 0 ? describe(cause) : `caused by: ${describe(cause)}`))
    .join('\n');
  say('error', { title: 'Internal error' }, `${text}\nThis is a defect of Obsgate: please report it.`);
  if (!isDebug(env)) return;
  for (const cause of chain) if (cause instanceof Error && cause.stack !== undefined) say('debug', {}, cause.stack);
}

export function reportWarning(message: string): void {
  say('warning', {}, message);
}

/** An error that a person must act on at once, whatever else the run says. */
export function reportLeftOpen(message: string): void {
  say('error', { title: 'Left open - act now' }, message);
}

function say(command: string, properties: Parameters<typeof workflowCommand>[1], message: string): void {
  process.stdout.write(`${workflowCommand(command, properties, message)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The error and its causes, the outermost first; an aggregate's members stand for its causes. A cycle ends it. */
function causeChain(error: unknown): unknown[] {
  const chain: unknown[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && chain.length < 10) {
    const next = queue.shift();
    if (chain.includes(next)) continue;
    chain.push(next);
    if (next instanceof AggregateError) queue.push(...next.errors);
    if (next instanceof Error && next.cause !== undefined) queue.push(next.cause);
  }
  return chain;
}

/** The runner sets RUNNER_DEBUG=1 when debug logging is on. */
function isDebug(env: NodeJS.ProcessEnv): boolean {
  return env['RUNNER_DEBUG'] === '1';
}
