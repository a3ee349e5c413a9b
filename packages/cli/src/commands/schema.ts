import { configSchema } from '@obsgate/core/config';
import { ConfigError, nearest } from '@obsgate/core/kernel';
import type { Command } from 'commander';
import * as z from 'zod';
import { EXIT } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = { config: configSchema };

export function addSchemaCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const names = Object.keys(SCHEMAS);
  program
    .command('schema')
    .description('print the JSON Schema of a file, for editors to complete with')
    .argument('<name>', names.join(' | '))
    .action((name: string) => {
      io.out(`${JSON.stringify(jsonSchema(name), null, 2)}\n`);
      finish(EXIT.pass);
    });
}

function jsonSchema(name: string): unknown {
  const schema = SCHEMAS[name];
  if (schema !== undefined) return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const near = nearest(name, Object.keys(SCHEMAS));
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new ConfigError(`there is no schema ${JSON.stringify(name)}${hint} Known: ${Object.keys(SCHEMAS).join(', ')}`);
}
