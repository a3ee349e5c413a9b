import { expect, test } from 'vitest';
import { rendered, lintTexts } from './fixture.ts';
import { GOOD_HEARTBEAT } from './fixtures-heartbeat.ts';

test('a complete set of heartbeat rules has no finding', () => {
  expect(rendered(lintTexts({ files: GOOD_HEARTBEAT }), GOOD_HEARTBEAT)).toBe('');
});
