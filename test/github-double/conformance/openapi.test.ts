import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPatch } from './apply-patch.ts';
import {
  description,
  findOperation,
  operationNames,
  parameterOf,
  responseOf,
  type Description,
  type Schema,
} from './openapi.ts';
import type { Patch } from './patch.ts';
import { compiled } from './validate.ts';

const protect = 'PUT /repos/{owner}/{repo}/branches/{branch}/protection';

describe('the cut of GitHub’s description', () => {
  it('has exactly the operations that operations.json lists', () => {
    const listed: readonly string[] = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8'));
    expect([...operationNames()].sort()).toEqual([...listed].sort());
  });

  it('has nothing that only a reader needs, and stays near 300 kB', () => {
    const text = readFileSync(new URL('openapi.json', import.meta.url), 'utf8');
    expect(text).not.toMatch(/"(description|example)":"/u);
    expect(text.length).toBeLessThan(330_000);
  });

  it('has no schema that the validator cannot compile', () => {
    const schemas = operationNames().flatMap((name) => schemasOf(name));
    expect(schemas.length).toBeGreaterThan(400);
    for (const schema of schemas) expect(compiled(schema)).toBeTypeOf('function');
  });
});

describe('a patch', () => {
  it('changes what it names and nothing else', () => {
    const copy = structuredClone(description());
    applyPatch(copy, { kind: 'optional', schema: 'label', keys: ['color'], evidence: 'none' });
    expect(copy.components.schemas['label']?.required).not.toContain('color');
    expect(description().components.schemas['label']?.required).toContain('color');
  });

  it.each<[string, Patch]>([
    ['makes optional what is optional', { kind: 'optional', schema: 'label', keys: ['weight'], evidence: 'none' }],
    [
      'adds a value that is there',
      { kind: 'values', schema: 'pull-request', key: 'state', add: ['open'], evidence: 'none' },
    ],
    ['makes null what may be null', { kind: 'nullable', schema: 'label', keys: ['description'], evidence: 'none' }],
    ['names what is not there', { kind: 'property', schema: 'sticker', key: 'a', is: {}, evidence: 'none' }],
    [
      'was applied before',
      {
        kind: 'request-optional',
        operation: protect,
        at: 'required_status_checks',
        keys: ['contexts'],
        evidence: 'none',
      },
    ],
  ])('that %s is an error', (_name, patch) => {
    const copy: Description = structuredClone(description());
    expect(() => applyPatch(copy, patch)).toThrow(/patch/u);
  });
});

function schemasOf(name: string): readonly Schema[] {
  const [method = '', route = ''] = name.split(' ');
  const operation = findOperation(method, route);
  if (operation === undefined) return [];
  const bodies = [operation.requestBody, ...Object.values(operation.responses).map(responseOf)];
  const parameters = (operation.parameters ?? []).map((parameter) => parameterOf(parameter).schema);
  return [...parameters, ...bodies.flatMap((body) => body?.content?.['application/json'].schema ?? [])];
}
