import { expect, test } from 'vitest';
import { parseYamlDocument, parseYamlDocuments } from './parse-yaml.ts';

test('a document is read as the library reads it', () => {
  expect(parseYamlDocument('a: [1, x]\n').toJS()).toEqual({ a: [1, 'x'] });
  expect(parseYamlDocuments('a: 1\n---\nb: 2\n').map((document) => document.toJS() as unknown)).toEqual([
    { a: 1 },
    { b: 2 },
  ]);
});

test('hostile nesting is an error with its place, not the end of the process', () => {
  const { errors } = parseYamlDocument('['.repeat(200_000));
  expect(errors.map(({ message, pos }) => [message, pos])).toMatchInlineSnapshot(`
    [
      [
        "nested 200000 levels deep; more than 100 is not read, since it is never meant",
        [
          199999,
          200000,
        ],
      ],
    ]
  `);
});

test('a second document is an error where one thing is expected', () => {
  expect(parseYamlDocument('a: 1\n---\nb: 2\n').errors).toHaveLength(1);
});

test('an empty text is an empty document without an error', () => {
  const document = parseYamlDocument('');
  expect([document.contents, document.errors]).toEqual([null, []]);
});
