import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError, nearest } from '@obsgate/core/kernel';
import type { Command } from 'commander';
import { EXIT } from '@obsgate/core/report';
import type { CliIo } from '../io.ts';

export function addExplainCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description('print the page of a lint rule or reason code')
    .argument('<code>', 'such as heartbeat/range or tool_unavailable')
    .action((code: string) => {
      io.out(page(code, io.home));
      finish(EXIT.pass);
    });
}

/** Pages are `docs/rules/<area>/<name>.md` and `docs/reasons/<code>.md`; only listed pages are read, whatever is asked for. */
function page(code: string, home: URL): string {
  const pages = new Map([...pagesBelow(new URL('docs/rules/', home)), ...pagesBelow(new URL('docs/reasons/', home))]);
  const path = pages.get(code);
  if (path !== undefined) return readFileSync(path, 'utf8');
  const near = nearest(code, [...pages.keys()]);
  throw new ConfigError(
    `there is no page for ${JSON.stringify(code)}${near === undefined ? '' : `; did you mean ${near}?`}`,
  );
}

function pagesBelow(folder: URL): [code: string, path: string][] {
  const root = fileURLToPath(folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !name.endsWith('README.md'))
    .map((name) => [name.slice(0, -'.md'.length), `${root}${name}`]);
}
