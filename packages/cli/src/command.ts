import { runCli } from './run-cli.ts';

/** The `obsgate` command: reads this process's arguments and sets its exit code. `home` holds `docs/` and `package.json`. */
export async function command(home: URL): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  // A reader that has seen enough, such as `head`, closes the pipe: no defect, and the exit code stays the verdict's.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const noColor = process.argv.includes('--no-color') || Boolean(process.env.NO_COLOR);
  process.exitCode = await runCli(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    color: process.stdout.isTTY && !noColor,
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    progress: process.stderr.isTTY,
    signal: stop.signal,
    home,
  });
}
