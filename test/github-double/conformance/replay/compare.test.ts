import { expect, it } from 'vitest';
import { missing } from './compare.ts';

it('an answer with the recorded keys lacks nothing, whatever its values and further keys', () => {
  expect(missing({ id: 1, user: { login: 'a' } }, { id: 2, user: { login: 'b', type: 'Bot' }, more: true })).toEqual(
    [],
  );
  expect(missing({ milestone: null }, { milestone: { id: 1 } })).toEqual([]);
});

it('an answer is told each key that it lacks, at any depth', () => {
  expect(missing({ id: 1, user: { login: 'a', id: 1 } }, { user: { login: 'b' } })).toEqual([
    '/id is absent',
    '/user/id is absent',
  ]);
});

it('an object that is null, a list that is empty and a list that is none are told', () => {
  const recorded = { user: { login: 'a' }, labels: [{ id: 1 }], files: ['a'] };
  expect(missing(recorded, { user: null, labels: [], files: {} })).toEqual([
    '/user is null, not an object',
    '/labels is empty',
    '/files is object, not a list',
  ]);
});

it('elements of a list are compared with the one that is closest', () => {
  const recorded = [{ path: 'a', size: 1 }, { path: 'b' }];
  expect(missing(recorded, [{ path: 'x' }, { path: 'y', size: 5 }])).toEqual([]);
  expect(missing(recorded, [{ path: 'x' }])).toEqual(['/*/size is absent']);
});
