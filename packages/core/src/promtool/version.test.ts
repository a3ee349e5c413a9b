import { expect, test } from 'vitest';
import {
  compareVersions,
  formatRequest,
  formatVersion,
  knownDefects,
  nearestVersion,
  newestSatisfying,
  parseFeatures,
  parseVersion,
  parseVersionRequest,
  type ToolVersion,
  type VersionRequest,
} from './index.ts';

const version = (text: string): ToolVersion => {
  const parsed = parseVersion(text);
  if (parsed === undefined) throw new Error(`not a version: ${text}`);
  return parsed;
};
const request = (text: string | undefined): VersionRequest => {
  const parsed = parseVersionRequest(text);
  if (parsed === undefined) throw new Error(`not a request: ${text}`);
  return parsed;
};
const versions = ['2.42.0', '2.53.3', '2.53.10', '3.0.0-rc.1', '3.5.3'].map(version);
const shown = (found: ToolVersion | undefined): string | undefined => found && formatVersion(found);

test.each([
  ['2.53.3', '2.53.3'],
  ['v3.0.0-rc.1', '3.0.0-rc.1'],
  ['2.42.0+ds', '2.42.0'],
  ['2.42.0+ds-5+deb12u1', '2.42.0'],
  ['1:2.53.3+ds1-2', '2.53.3'],
  ['1.11.0-1+b6', '1.11.0'],
  ['3.1.0~rc.0', '3.1.0-rc.0'],
])('%s is read as the release %s', (text, expected) => {
  expect(shown(parseVersion(text))).toBe(expected);
});

test.each(['', '2', '2.53', 'two', '2.53.x', 'v'])('"%s" is no version', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test('numbers are compared as numbers and a pre-release is older than its release', () => {
  const sorted = ['3.0.0', '2.53.10', '3.0.0-rc.1', '2.53.9', '3.0.0-rc.0', '3.0.0-beta.1'].map(version);
  expect(sorted.toSorted(compareVersions).map(formatVersion)).toEqual([
    '2.53.9',
    '2.53.10',
    '3.0.0-beta.1',
    '3.0.0-rc.0',
    '3.0.0-rc.1',
    '3.0.0',
  ]);
});

test.each([
  ['2.53', '2.53.10'],
  ['v2.53', '2.53.10'],
  ['2', '2.53.10'],
  ['3', '3.5.3'],
  ['3.0', undefined],
  ['v3.0.0-rc.1', '3.0.0-rc.1'],
  ['latest', '3.5.3'],
  ['2.54.1', undefined],
])('the request %s is answered by %s', (text, expected) => {
  expect(shown(newestSatisfying(versions, request(text)))).toBe(expected);
});

test('a request that is neither a number nor latest is none', () => {
  expect(parseVersionRequest('newest')).toBeUndefined();
  expect(parseVersionRequest('2.x')).toBeUndefined();
  expect(formatRequest(request(undefined))).toBe('any version');
});

test.each([
  ['2.54.1', '2.53.10'],
  ['2.53.4', '2.53.3'],
  ['3.4', '3.5.3'],
  ['1.0', '2.42.0'],
  ['latest', '3.5.3'],
])('nearest to %s is %s', (text, expected) => {
  expect(shown(nearestVersion(versions, request(text)))).toBe(expected);
});

test.each([
  ['2.36.0', []],
  ['2.36.1', ['duplicates-not-fatal']],
  ['2.37.9', ['duplicates-not-fatal']],
  ['2.38.0', []],
  ['2.46.0', ['check-rules-silent']],
  ['2.47.2', ['check-rules-silent']],
  ['2.53.3', []],
  ['3.7.0', ['lint-none-fails']],
  ['3.7.2', ['lint-none-fails']],
  ['3.7.3', []],
])('the known defects of %s are %j', (text, expected) => {
  expect(knownDefects(version(text)).map(({ id }) => id)).toEqual(expected);
});

test('features are read from the help of 2.x and of 3.x', () => {
  const old = parseFeatures({
    testRules:
      '  -h, --help   Show context-sensitive help\n      --run=RUN ...  If set\n      --diff   [Experimental]\n',
    checkRules:
      '      --lint-fatal   Make lint errors exit\n      --lint="duplicate-rules"  Available options are:\n     all, duplicate-rules, none. Use\n',
    checkConfig: '      --syntax-only   Only\n      --agent   Check\n',
  });
  expect(old).toEqual({
    junit: false,
    diff: true,
    run: true,
    ignoreUnknownFields: false,
    checkIgnoreUnknownFields: false,
    lintFatal: true,
    ruleLints: ['all', 'duplicate-rules', 'none'],
    configLints: [],
    syntaxOnly: true,
    agent: true,
  });
  const newer = parseFeatures({
    testRules: '      --junit=JUNIT  File\n      --[no-]diff    [Experimental]\n      --[no-]ignore-unknown-fields  \n',
    checkRules: '      --[no-]lint-fatal          Make\n      --[no-]ignore-unknown-fields  \n',
    checkConfig:
      '      --lint="duplicate-rules"   Linting. Available\n   options are: all, duplicate-rules, none,\n   too-long-scrape-interval. Use\n',
  });
  expect(newer).toMatchObject({ junit: true, diff: true, run: false, checkIgnoreUnknownFields: true, lintFatal: true });
  expect(newer.configLints).toContain('too-long-scrape-interval');
});
