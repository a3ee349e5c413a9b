import { expect, test } from 'vitest';
import { parseVersionRequest } from '@obsgate/core/promtool';
import { dockerRun, imageFor } from './container.ts';

test('a container has no network, no privileges, read-only mounts, and is removed', () => {
  const { command, args } = dockerRun({
    docker: 'docker',
    image: 'prom/prometheus:v2.54.1',
    entrypoint: '/bin/promtool',
    args: ['check', 'rules', 'a.yml'],
    cwd: '/repo',
    mounts: [
      { path: '/repo', access: 'read' },
      { path: '/out, with comma', access: 'write' },
    ],
    user: '1000:1000',
    name: 'obsgate-test',
  });
  expect([command, ...args].join(' ')).toMatchInlineSnapshot(
    `"docker run --rm --init --name obsgate-test --network none --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp --user 1000:1000 --mount type=bind,"source=/repo","target=/repo",readonly --mount type=bind,"source=/out, with comma","target=/out, with comma" --workdir /repo --entrypoint /bin/promtool prom/prometheus:v2.54.1 check rules a.yml"`,
  );
});

test.each([
  ['v2.54.1', undefined, 'prom/prometheus:v2.54.1'],
  ['latest', undefined, 'prom/prometheus:latest'],
  ['2.54', undefined, undefined],
  [undefined, undefined, undefined],
  ['v2.54.1', 'prom/prometheus@sha256:abc', 'prom/prometheus@sha256:abc'],
])('the image for %s with %s given is %s', (version, given, expected) => {
  const request = parseVersionRequest(version);
  if (request === undefined) throw new Error('not a request');
  expect(imageFor(request, given)).toBe(expected);
});
