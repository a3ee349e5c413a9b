import { describe, expect, it } from 'vitest';
import { validateGraphql } from './graphql.ts';
import { documentsIn, sentDocuments } from './sent-graphql.ts';

const sent = sentDocuments();

describe('the GraphQL documents in the sources', () => {
  it('are all operations that GitHub’s schema knows', () => {
    const wrong = sent.flatMap(({ file, line, document }) =>
      validateGraphql(document).map((error) => `${file}:${line}: ${error}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are found with their line and with the constants that they are made of', () => {
    const source = [
      'const fields = `name pattern`;',
      '',
      'const read = `query Rule($id: ID!) { node(id: $id) { ${fields} } }`;',
    ].join('\n');
    expect(documentsIn('a.ts', source)).toEqual([
      { file: 'a.ts', line: 3, document: 'query Rule($id: ID!) { node(id: $id) { name pattern } }' },
    ]);
  });

  it('are not passed over when they are made of what cannot be read', () => {
    const [found] = documentsIn('a.ts', 'send(`mutation { ${field}(input: {}) { clientMutationId } }`);');
    expect(validateGraphql(found?.document ?? '')).toEqual(['Syntax Error: Expected Name, found "$".']);
  });

  it('are not seen in words that only begin alike', () => {
    expect(documentsIn('a.ts', "log('query of the server {name}'); const mutations = `mutations {`;")).toEqual([]);
  });
});
