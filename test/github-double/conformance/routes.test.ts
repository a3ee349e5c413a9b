import { expect, it } from 'vitest';
import { routes } from '../routes/index.ts';
import { operationNames } from './openapi.ts';

/** Operations that the project may come to use, and the double does not answer. */
const notModelled: Readonly<Record<string, string>> = {};

const modelled = routes.filter(({ path }) => path !== '/graphql').map(({ method, path }) => `${method} ${path}`);

it('every route of the double is an operation of GitHub’s description', () => {
  const known = new Set(operationNames());
  expect(modelled.filter((name) => !known.has(name))).toEqual([]);
});

it('no operation has two routes', () => {
  expect(modelled.filter((name, index) => modelled.indexOf(name) !== index)).toEqual([]);
});

it('every operation in use is answered by the double, or its absence has a reason', () => {
  const answered = new Set(modelled);
  expect(operationNames().filter((name) => !answered.has(name) && notModelled[name] === undefined)).toEqual([]);
  expect(Object.keys(notModelled).filter((name) => answered.has(name))).toEqual([]);
});
