import type { Command } from 'commander';
import { EXIT } from '@obsgate/core/report';
import type { CliIo } from '../io.ts';
import { SCHEMA_NAMES, jsonSchema } from '../json-schemas.ts';

/** `obsgate schema NAME`: the JSON Schema of a file that users write. */
export function addSchemaCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of a file, for editors to complete with')
    .argument('<name>', SCHEMA_NAMES.join(' | '))
    .action((name: string) => {
      io.out(`${JSON.stringify(jsonSchema(name), null, 2)}\n`);
      finish(EXIT.pass);
    });
}
