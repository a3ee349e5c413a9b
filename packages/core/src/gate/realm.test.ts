import { expect, test } from 'vitest';
import { usesRealm, withRealm, writtenRange } from './realm.ts';

const WRITTEN = 'a: 1\nexpr: up{r="${REALM}"} * down{r="${REALM}"} > 1\n';

test('every placeholder becomes the realm, whatever characters it has', () => {
  expect(usesRealm(WRITTEN)).toBe(true);
  expect(usesRealm('$REALM ${realm}')).toBe(false);
  expect(withRealm('${REALM}/${REALM}', '$&')).toBe('$&/$&');
});

test.each(['prod', 'a-realm-with-a-long-name', '${REALM}'])('places are those of the file as written (%s)', (realm) => {
  const line = withRealm(WRITTEN, realm).split('\n')[1] ?? '';
  const place = (needle: string): number => line.indexOf(needle) + 1;
  const range = { line: 2, column: place('down'), endLine: 2, endColumn: place('> 1') };
  const written = writtenRange(range, WRITTEN, realm);
  expect(WRITTEN.split('\n')[1]?.slice(written.column - 1, written.endColumn - 1)).toBe('down{r="${REALM}"} ');
});

test('a place inside of the realm is the placeholder', () => {
  const range = { line: 2, column: 14, endLine: 2, endColumn: 15 };
  expect(writtenRange(range, WRITTEN, 'prod')).toEqual({ line: 2, column: 13, endLine: 2, endColumn: 13 });
});
