import { ConfigError } from '@obsgate/core/kernel';
import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest';
import {
  booleanInput,
  choiceInput,
  durationInput,
  integerInput,
  listInput,
  numberInput,
  textInput,
  urlInput,
} from './input-schemas.ts';
import { defineInputs, readInputs } from './inputs.ts';

const specs = defineInputs({
  config: { description: 'Configuration file.', schema: textInput() },
  'prometheus-version': {
    description: 'Version of the server.',
    schema: textInput(),
    formerNames: ['promtool-version'],
  },
  'lint-fatal': { description: 'Lint findings fail.', default: 'false', schema: booleanInput() },
  'cross-check': { description: 'Other versions.', default: '', schema: listInput() },
  timeout: { description: 'Deadline.', schema: durationInput() },
  shards: { description: 'Number of shards.', schema: integerInput({ min: 1, max: 64 }) },
  coverage: { description: 'Smallest coverage.', schema: numberInput({ min: 0, max: 1 }) },
  mode: { description: 'Where.', default: 'sandbox', schema: choiceInput(['sandbox', 'live']) },
  'prometheus-url': { description: 'Server.', schema: urlInput(), secret: true },
});

let written = '';
beforeEach(() => {
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

function problems(env: NodeJS.ProcessEnv): string {
  try {
    readInputs(specs, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no problem';
}

test('texts become values, and what is not given is its default or undefined', () => {
  const inputs = readInputs(specs, {
    'INPUT_LINT-FATAL': 'TRUE',
    'INPUT_CROSS-CHECK': 'v2.53, latest\n# a comment\n v3.5.3 \n',
    INPUT_TIMEOUT: ' 1m30s\n',
    INPUT_SHARDS: '4',
    INPUT_COVERAGE: '0.75',
    INPUT_CONFIG: '',
    PATH: '/bin',
  });
  expect(inputs).toEqual({
    'lint-fatal': true,
    'cross-check': ['v2.53', 'latest', 'v3.5.3'],
    timeout: { ms: 90_000 },
    shards: 4,
    coverage: 0.75,
    mode: 'sandbox',
  });
  expectTypeOf(inputs.mode).toEqualTypeOf<'sandbox' | 'live'>();
  expectTypeOf(inputs.shards).toEqualTypeOf<number | undefined>();
});

test('what does not parse is an error that names the input, its value and what was expected', () => {
  const env = {
    'INPUT_LINT-FATAL': 'yes',
    INPUT_TIMEOUT: '90',
    INPUT_SHARDS: '65',
    INPUT_COVERAGE: 'NaN',
    INPUT_MODE: 'Live',
  };
  expect(problems(env)).toMatchInlineSnapshot(`
    "input "lint-fatal" is "yes": expected true or false
    input "timeout" is "90": expected a duration with its unit, such as 90s or 1h30m
    input "shards" is "65": expected a whole number, from 1 to 64
    input "coverage" is "NaN": expected a number from 0 to 1
    input "mode" is "Live": expected one of sandbox, live"
  `);
});

test('a mistyped input is an error that names the nearest one', () => {
  expect(problems({ 'INPUT_CROSS-CHEK': 'latest', INPUT_ZZZZZZZ: '1' })).toMatchInlineSnapshot(`
    "unknown input "cross-chek"; did you mean "cross-check"?
    unknown input "zzzzzzz"; the inputs are config, prometheus-version, lint-fatal, cross-check, timeout, shards, coverage, mode, prometheus-url"
  `);
});

test('an input that was renamed fails with its new name', () => {
  expect(problems({ 'INPUT_PROMTOOL-VERSION': '2.53' })).toMatchInlineSnapshot(
    `"input "promtool-version" is now named "prometheus-version""`,
  );
});

test('a required input that is missing or empty is an error', () => {
  const required = defineInputs({
    pr: { description: 'Number of the pull request.', required: true, schema: integerInput() },
  });
  expect(() => readInputs(required, {})).toThrow('input "pr" is required: Number of the pull request.');
  expect(() => readInputs(required, { INPUT_PR: '  ' })).toThrow('input "pr" is required');
});

test('an input whose default is an expression is missing when the runner did not evaluate it', () => {
  const token = defineInputs({
    'github-token': { description: 'Token.', default: '${{ github.token }}', schema: textInput() },
  });
  expect(() => readInputs(token, {})).toThrow('input "github-token" is required');
});

test('a secret is masked before anything else is said and never repeated in a message', () => {
  expect(problems({ 'INPUT_PROMETHEUS-URL': 'ftp://user:hunter2@host' })).toBe(
    'input "prometheus-url": expected an http or https address',
  );
  expect(written).toBe('::add-mask::ftp://user:hunter2@host\n');
});

test('blanks around a value are dropped, but no other character is', () => {
  expect(readInputs(specs, { INPUT_CONFIG: '\t a\u00a0\ufeff \r\n' }).config).toBe('a\u00a0\ufeff');
});
