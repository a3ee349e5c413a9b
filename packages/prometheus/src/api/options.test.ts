import { expect, test } from 'vitest';
import { endpointOf, parseAuth } from './options.ts';

test('the base URL keeps its path prefix and loses slash, query and credentials', () => {
  expect(endpointOf({ url: 'https://user:p%40ss@host:9090/prometheus/?x=1#y' })).toEqual({
    url: 'https://host:9090/prometheus',
    headers: { authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` },
  });
});

test.each([['no url'], ['ftp://user:secret@host'], ['http://']])('%s is refused without being repeated', (url) => {
  expect(() => endpointOf({ url })).toThrow(/^(?!.*secret).*Prometheus URL/);
});

test.each([
  ['', undefined],
  ['token', { kind: 'bearer', token: 'token' }],
  ['user:pass:word', { kind: 'basic', username: 'user', password: 'pass:word' }],
  ['Bearer abc', { kind: 'header', value: 'Bearer abc' }],
  ['basic YTpi\n', { kind: 'header', value: 'basic YTpi' }],
])('the credentials %j', (text, auth) => {
  expect(parseAuth(text)).toEqual(auth);
});

test('credentials that would break the header are refused without being repeated', () => {
  const auth = { kind: 'bearer', token: 'secret\r\nx: y' } as const;
  expect(() => endpointOf({ url: 'http://host', auth })).toThrow(/^(?!.*secret).*credentials/);
});
