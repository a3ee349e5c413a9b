import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigError } from '../kernel/index.ts';
import { parseEvent, type EventSettings } from './parse-event.ts';

// Recorded payloads: https://github.com/octokit/webhooks
const file = new URL('../../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url);
const recorded = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(JSON.parse(readFileSync(file, 'utf8')));

const settings: EventSettings = { labels: ['bug', 'safe'], commands: ['/auto-merge', '/ship'] };
const SHA = '0123456789abcdef0123456789abcdef01234567';

type Payload = Readonly<Record<string, unknown>>;

function example(name: string, action: string): Payload {
  const found = recorded.find((each) => each.name === name)?.examples.find((each) => each['action'] === action);
  if (found === undefined) throw new Error(`no example of ${name} ${action}`);
  return found;
}

function part(payload: Payload, key: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(payload[key]);
}

function labeled(...names: string[]): Payload {
  const payload = example('pull_request', 'labeled');
  return { ...payload, pull_request: { ...part(payload, 'pull_request'), labels: names.map((name) => ({ name })) } };
}

function commented(body: string, more: Payload = {}): Payload {
  const payload = example('issue_comment', 'created');
  const user = part(payload, 'sender');
  return {
    ...payload,
    issue: { ...part(payload, 'issue'), pull_request: { url: 'x' } },
    comment: { ...part(payload, 'comment'), body, user },
    ...more,
  };
}

describe('labels', () => {
  test('ask for a merge of the head when all of them are there', () => {
    expect(parseEvent('pull_request', labeled('bug', 'safe'), settings)).toMatchObject({
      kind: 'requests',
      requests: [
        {
          pull: 2,
          trigger: { kind: 'label', label: 'bug', actor: { login: 'Codertocat', id: 21_031_067 } },
          headSha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
        },
      ],
    });
  });

  test.each([
    ['one of them alone', labeled('bug'), '#2 has not the label "safe"'],
    ['one of another letter case', labeled('Bug', 'safe'), '#2 has not the label "bug"'],
    ['another label', { ...labeled('bug', 'safe'), label: { name: 'docs' } }, 'the label "docs" asks for no merge'],
    [
      'one that is taken off',
      example('pull_request', 'unlabeled'),
      'a pull request that is "unlabeled" asks for no merge',
    ],
  ])('%s asks for nothing', (_name, payload, message) => {
    expect(parseEvent('pull_request', payload, settings)).toEqual({
      kind: 'nothing',
      code: 'nothing_requested',
      message,
    });
  });

  test('a push to a labelled pull request looks at it again', () => {
    const payload = { ...labeled('bug', 'safe'), action: 'synchronize' };
    expect(parseEvent('pull_request', payload, settings)).toMatchObject({ requests: [{ trigger: { kind: 'push' } }] });
  });

  test('one that is merged or closed has nothing to do, and says which', () => {
    const closed = example('pull_request', 'closed');
    const of = (merged: boolean): Payload => ({ ...closed, pull_request: { ...part(closed, 'pull_request'), merged } });
    expect(parseEvent('pull_request', of(true), settings)).toMatchObject({ code: 'pull_merged' });
    expect(parseEvent('pull_request', of(false), settings)).toMatchObject({ code: 'pull_closed' });
  });
});

describe('comments', () => {
  test.each([
    ['/auto-merge', null],
    ['  /auto-merge\r\n', null],
    [`/auto-merge ${SHA}`, SHA],
    ['/ship', null],
  ])('%j is the command', (body, sha) => {
    expect(parseEvent('issue_comment', commented(body), settings)).toMatchObject({
      requests: [{ pull: 1, trigger: { kind: 'comment', sha, actor: { id: 21_031_067 } }, headSha: sha }],
    });
  });

  test.each([
    '/auto-merge now',
    '> /auto-merge',
    '`/auto-merge`',
    '/auto-merge\n/auto-merge',
    '/auto-merge 0123456',
    `/auto-merge ${SHA.toUpperCase()}`,
    `/auto-merge ${SHA}; rm -rf /`,
    '/auto-merged',
    '/AUTO-MERGE',
    '\u200B/auto-merge',
    '/auto\u2010merge',
    '',
  ])('%j is no command', (body) => {
    expect(parseEvent('issue_comment', commented(body), settings)).toMatchObject({ kind: 'nothing' });
  });

  test('one that is edited asks for nothing, nor does one on an issue, nor one that somebody else sent', () => {
    expect(parseEvent('issue_comment', commented('/auto-merge', { action: 'edited' }), settings)).toMatchObject({
      kind: 'nothing',
    });
    expect(
      parseEvent('issue_comment', commented('/auto-merge', { issue: { number: 1, state: 'open' } }), settings),
    ).toMatchObject({ message: 'the comment is on an issue, not on a pull request' });
    const sender = { login: 'Codertocat', id: 1, type: 'User' };
    expect(parseEvent('issue_comment', commented('/auto-merge', { sender }), settings)).toMatchObject({
      kind: 'nothing',
    });
  });

  test('one on a closed pull request has nothing to do', () => {
    const issue = { number: 1, state: 'closed', pull_request: {} };
    expect(parseEvent('issue_comment', commented('/auto-merge', { issue }), settings)).toMatchObject({
      code: 'pull_closed',
    });
  });
});

describe('other events', () => {
  test('a dispatch names the pull request by its input or by the action’s', () => {
    const payload = { sender: { login: 'x', id: 1, type: 'User' }, inputs: { pr: '12' } };
    expect(parseEvent('workflow_dispatch', payload, settings)).toMatchObject({
      requests: [{ pull: 12, trigger: { kind: 'dispatch' }, headSha: null }],
    });
    expect(parseEvent('workflow_dispatch', payload, { ...settings, pull: 13 })).toMatchObject({
      requests: [{ pull: 13 }],
    });
    for (const pr of ['', '0', '-1', '1e3', '12; echo', '99999999999', null])
      expect(() => parseEvent('workflow_dispatch', { ...payload, inputs: { pr } }, settings)).toThrow(ConfigError);
  });

  test.each([
    ['check_suite', 'check_suite'],
    ['workflow_run', 'workflow_run'],
  ])('a %s that ended looks at its pull requests at its commit', (name, key) => {
    const payload = example(name, 'completed');
    const ended = { ...part(payload, key), head_sha: SHA, pull_requests: [{ number: 3 }, { number: 4 }] };
    expect(parseEvent(name, { ...payload, [key]: ended }, settings)).toEqual({
      kind: 'requests',
      requests: [3, 4].map((pull) => ({ pull, trigger: { kind: 'checks' }, headSha: SHA })),
    });
    expect(parseEvent(name, { ...payload, [key]: { ...ended, pull_requests: [] } }, settings)).toMatchObject({
      kind: 'nothing',
    });
    expect(parseEvent(name, { ...payload, action: 'requested' }, settings)).toMatchObject({ kind: 'nothing' });
  });

  test('every recorded payload of these events is understood', () => {
    const names = new Set(['pull_request', 'issue_comment', 'workflow_run', 'check_suite', 'check_run']);
    const kinds = recorded
      .filter(({ name }) => names.has(name))
      .flatMap(({ name, examples }) => examples.map((payload) => parseEvent(name, payload, settings).kind));
    expect(kinds.length).toBeGreaterThan(50);
    expect(new Set(kinds)).toEqual(new Set(['nothing', 'requests']));
  });

  test('an event that this does not work for is the user’s to mend, as is a payload of another shape', () => {
    expect(() => parseEvent('push', {}, settings)).toThrow(/"push" asks for no merge/);
    expect(() => parseEvent('pull_request', { action: 'labeled' }, settings)).toThrow(ConfigError);
    expect(() => parseEvent('issue_comment', null, settings)).toThrow(ConfigError);
  });
});
