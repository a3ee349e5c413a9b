import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../packages/cli/src/json-schemas.ts';
import { root } from './workflow-files.ts';

const folder = join(root, 'docs/example/rulepack');
const schema: unknown = JSON.parse(readFileSync(join(root, 'docs/schemas/rulepack.schema.json'), 'utf8'));
const validate = new Ajv({ strict: false }).compile(schema as object);

test.each(readdirSync(folder))('an editor with the JSON Schema accepts %s', (name) => {
  validate(parse(readFileSync(join(folder, name), 'utf8')));
  expect(validate.errors).toBeNull();
});

test('it marks unknown keys and wrong values', () => {
  expect(validate({ scenario: 'a', allow_paths: ['x'], alow_paths: [] })).toBe(false);
  expect(validate({ scenario: 'a', allow_paths: ['x'], relax: 'all' })).toBe(false);
  expect(validate({ scenario: 'a' })).toBe(false);
});

test('it is the one that the command prints', () => {
  expect(schema).toEqual(JSON.parse(JSON.stringify(jsonSchema('rulepack'))));
});
