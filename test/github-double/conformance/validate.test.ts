import { describe, expect, it } from 'vitest';
import type { Exchange } from '../exchange.ts';
import { formatViolations, validateExchange } from './validate.ts';

const repository = '/repos/{owner}/{repo}';
const label = {
  id: 1,
  node_id: 'LA_1',
  url: 'https://api.github.com/repos/o/r/labels/bug',
  name: 'bug',
  description: null,
  color: 'd73a4a',
  default: true,
};
const getLabel: Exchange = {
  method: 'GET',
  path: '/repos/o/r/labels/bug',
  route: `${repository}/labels/{name}`,
  requestBody: undefined,
  status: 200,
  responseBody: label,
  origin: 'api',
};
const updateLabel: Exchange = { ...getLabel, method: 'PATCH', requestBody: { color: 'ffffff' } };
const listLabels: Exchange = {
  ...getLabel,
  path: '/repos/o/r/labels?per_page=5',
  route: `${repository}/labels`,
  responseBody: [label],
};

function told(exchange: Exchange): readonly string[] {
  return validateExchange(exchange).map(({ part, at, message }) => `${part} ${at} ${message}`);
}

describe('an exchange', () => {
  it('that follows the description has no violations', () => {
    expect([getLabel, updateLabel, listLabels].flatMap(told)).toEqual([]);
  });

  it('of an operation that GitHub lacks is named with its path', () => {
    expect(told({ ...getLabel, route: null, path: '/repos/o/r/stickers' })).toEqual([
      'operation  GET /repos/o/r/stickers is not in the description',
    ]);
    expect(told({ ...getLabel, method: 'TRACE' })).toEqual([
      `operation  TRACE ${repository}/labels/{name} is not in the description`,
    ]);
  });

  it('with a path of another route is refused', () => {
    expect(told({ ...getLabel, path: '/repos/o/r/issues/1' })).toEqual([
      `path  is not of the route ${repository}/labels/{name}`,
    ]);
  });

  it('may have slashes in a ref, and in nothing that must be encoded', () => {
    const ref = {
      ...getLabel,
      path: '/repos/o/r/git/ref/heads/a/b',
      route: `${repository}/git/ref/{ref}`,
      status: 404,
    };
    const missing = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' };
    expect(told({ ...ref, responseBody: missing })).toEqual([]);
    expect(told({ ...getLabel, path: '/repos/o/r/labels/a/b' })).toEqual([
      `path  is not of the route ${repository}/labels/{name}`,
    ]);
  });

  it('with an unknown or unreadable query parameter is refused', () => {
    expect(told({ ...listLabels, path: '/repos/o/r/labels?per_page=many&sort=name' })).toEqual([
      'query per_page must be integer',
      'query sort is not a parameter of this operation',
    ]);
  });

  it('may not send keys that GitHub ignores', () => {
    expect(told({ ...updateLabel, requestBody: { colour: 'ffffff' } })).toEqual([
      'request  must NOT have unevaluated properties: colour',
    ]);
  });

  it('may send a wrong body only to be refused for it', () => {
    const wrong = { ...updateLabel, requestBody: { color: 5 } };
    const refusal = { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest', status: '422' };
    expect(told(wrong)).toEqual(['request /color must be string']);
    const create = { ...wrong, method: 'POST', path: '/repos/o/r/labels', route: `${repository}/labels` };
    expect(told({ ...create, status: 422, responseBody: refusal })).toEqual([]);
  });

  it('must bring the body that the operation requires', () => {
    const create: Exchange = {
      ...listLabels,
      method: 'POST',
      path: '/repos/o/r/labels',
      status: 201,
      responseBody: label,
    };
    expect(told(create)).toEqual(['request  a body is required']);
  });

  it('with a status that the operation does not give is refused', () => {
    expect(told({ ...getLabel, status: 418 })).toEqual(['status  418 is not an answer of this operation']);
  });

  it('with an answer that lacks a key, has a wrong type or an invented key is refused', () => {
    const { color: _color, ...colourless } = label;
    expect(told({ ...getLabel, responseBody: colourless })).toEqual(["response  must have required property 'color'"]);
    expect(told({ ...getLabel, responseBody: { ...label, id: '1' } })).toEqual(['response /id must be integer']);
    expect(told({ ...getLabel, responseBody: { ...label, weight: 3 } })).toEqual([
      'response  must NOT have unevaluated properties: weight',
    ]);
    expect(told({ ...listLabels, responseBody: [label, { ...label, weight: 3 }] })).toEqual([
      'response /1 must NOT have unevaluated properties: weight',
    ]);
    expect(told({ ...getLabel, responseBody: undefined })).toEqual(['response  must be object']);
  });

  it('may be null only where GitHub says so', () => {
    expect(told({ ...getLabel, responseBody: { ...label, description: null } })).toEqual([]);
    expect(told({ ...getLabel, responseBody: { ...label, name: null } })).toEqual(['response /name must be string']);
  });

  it('has no body where GitHub sends none', () => {
    const deletion: Exchange = { ...getLabel, method: 'DELETE', status: 204 };
    expect(told({ ...deletion, responseBody: undefined })).toEqual([]);
    expect(told(deletion)).toEqual(['response  a body where the description has none']);
  });

  it('is held to the error body that all operations share', () => {
    expect(told({ ...getLabel, status: 503, responseBody: { error: 'busy' } })).toEqual([
      'response  must NOT have unevaluated properties: error',
    ]);
  });

  it('with an injected answer is still checked for what was asked', () => {
    const injected: Exchange = { ...updateLabel, origin: 'injected', status: 418, responseBody: 'teapot' };
    expect(told(injected)).toEqual([]);
    expect(told({ ...injected, requestBody: { color: 5 } })).toEqual(['request /color must be string']);
  });

  it('is told with its request and one violation a line', () => {
    const exchange = { ...getLabel, responseBody: { ...label, id: '1' } };
    expect(formatViolations(exchange, validateExchange(exchange))).toMatchInlineSnapshot(`
      "GET /repos/o/r/labels/bug -> 200
        response /id must be integer"
    `);
  });
});

describe('classic protection', () => {
  const protect: Exchange = {
    ...getLabel,
    method: 'PUT',
    path: '/repos/o/r/branches/main/protection',
    route: `${repository}/branches/{branch}/protection`,
    responseBody: { url: 'https://api.github.com/repos/o/r/branches/main/protection' },
  };
  const off = { enforce_admins: null, required_pull_request_reviews: null, restrictions: null };

  it('may name its checks without the closing-down contexts', () => {
    const body = { ...off, required_status_checks: { strict: true, checks: [{ context: 'obs-lint', app_id: -1 }] } };
    expect(told({ ...protect, requestBody: body })).toEqual([]);
  });

  it('may not be sent back in the shape in which it is read', () => {
    const body = {
      ...off,
      required_status_checks: null,
      enforce_admins: { url: 'https://api.github.com/x', enabled: true },
    };
    expect(told({ ...protect, requestBody: body })).toEqual(['request /enforce_admins must be boolean,null']);
  });
});
