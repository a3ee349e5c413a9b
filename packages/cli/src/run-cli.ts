import { ConfigError } from '@obsgate/core/kernel';
import { CommanderError } from 'commander';
import { EXIT } from '@obsgate/core/report';
import type { CliIo } from './io.ts';
import { buildProgram } from './program.ts';

/** Runs one command line (without `node` and the script) to its exit code. Never throws. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT.pass;
  try {
    await buildProgram(io, (code) => {
      exitCode = code;
    }).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explainError(error, io);
  }
}

function explainError(error: unknown, io: CliIo): number {
  // Commander has already printed its message; help and version end with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  if (error instanceof ConfigError) {
    io.err(`${error.message}\n`);
    return EXIT.usage;
  }
  if (io.signal.aborted) {
    io.err('interrupted\n');
    return EXIT.undecided;
  }
  io.err(`internal error: ${error instanceof Error ? error.message : String(error)}\n`);
  if (io.env.OBSGATE_DEBUG && error instanceof Error) io.err(`${error.stack ?? ''}\n`);
  else io.err('This is a defect of Obsgate; please report it with the output of OBSGATE_DEBUG=1.\n');
  return EXIT.internal;
}
