import { describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { validateGraphql } from './graphql.ts';
import { validateExchange } from './validate.ts';

const pattern = `query Pattern($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { ref(qualifiedName: "refs/heads/main") { name branchProtectionRule { id pattern } } }
}`;
const exchange: Exchange = {
  method: 'POST',
  path: '/graphql',
  route: '/graphql',
  requestBody: { query: pattern, variables: { owner: 'o', name: 'r' } },
  status: 200,
  responseBody: {
    data: { repository: { ref: { name: 'main', branchProtectionRule: { id: 'BPR_1', pattern: 'main' } } } },
  },
  origin: 'api',
};

function told(changed: Partial<Exchange>): readonly string[] {
  return validateExchange({ ...exchange, ...changed }).map(({ part, at, message }) => `${part} ${at} ${message}`);
}

describe('a GraphQL document', () => {
  it('that GitHub would run has no problems', () => {
    expect(validateGraphql(pattern)).toEqual([]);
  });

  it('is told what its syntax, fields and arguments lack', () => {
    expect(validateGraphql('query { repository')).toEqual(['Syntax Error: Expected Name, found <EOF>.']);
    expect(validateGraphql('query { viewer { login shoeSize } }')).toEqual([
      'Cannot query field "shoeSize" on type "User".',
    ]);
    expect(validateGraphql('query { repository(owner: "o") { id } }')).toEqual([
      'Field "repository" argument "name" of type "String!" is required, but it was not provided.',
    ]);
  });
});

describe('a GraphQL exchange', () => {
  it('that follows the schema has no violations', () => {
    expect(told({})).toEqual([]);
    const unprotected = { data: { repository: { ref: { name: 'main', branchProtectionRule: null } } } };
    expect(told({ responseBody: unprotected })).toEqual([]);
  });

  it('must bring its variables', () => {
    expect(told({ requestBody: { query: pattern, variables: { owner: 'o' } } })).toEqual([
      'request /variables Variable "$name" of required type "String!" was not provided.',
    ]);
  });

  it('must be answered with exactly the asked fields, and null only where the schema allows it', () => {
    const rule = { id: 'BPR_1', pattern: null, isAdminEnforced: true };
    const body = { data: { repository: { ref: { name: 'main', branchProtectionRule: rule } } } };
    expect(told({ responseBody: body })).toEqual([
      'response  /data/repository/ref/branchProtectionRule/isAdminEnforced was not asked for',
      'response  /data/repository/ref/branchProtectionRule/pattern must not be null',
    ]);
    expect(told({ responseBody: { data: { repository: {} } } })).toEqual([
      'response  /data/repository/ref was asked for and is absent',
    ]);
  });

  it('may be answered with errors in place of data', () => {
    expect(
      told({
        responseBody: { data: { repository: null }, errors: [{ message: 'Could not resolve to a Repository' }] },
      }),
    ).toEqual([]);
    expect(told({ responseBody: {} })).toEqual(['response  has neither data nor errors']);
  });

  it('follows fragments by the type that was answered', () => {
    const query =
      'query { node(id: "x") { __typename id ... on PullRequest { number state } ... on Issue { title } } }';
    const node = { __typename: 'PullRequest', id: 'x', number: 1, state: 'AJAR' };
    expect(told({ requestBody: { query }, responseBody: { data: { node } } })).toEqual([
      'response  /data/node/state is "AJAR", which PullRequestState lacks',
    ]);
    expect(told({ requestBody: { query }, responseBody: { data: { node: { ...node, state: 'OPEN' } } } })).toEqual([]);
  });
});
