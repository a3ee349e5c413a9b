import { expect, test } from 'vitest';
import { distributionArchive, parseDeb822, parseSourcesList, suitesToTry } from './apt-sources.ts';
import { offered, parsePolicy, readOffer } from './apt.ts';

const DEB822 = `Types: deb deb-src
# a comment
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://other.example/debian
Suites: bookworm
Components: main

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main
`;

test('deb822 stanzas give one archive per suite, without disabled and source ones', () => {
  expect(parseDeb822(DEB822).map(({ uri, suite, signedBy }) => [uri, suite, signedBy])).toEqual([
    ['http://mirror.example/debian', 'bookworm', '/usr/share/keyrings/debian-archive-keyring.gpg'],
    ['http://mirror.example/debian', 'bookworm-updates', '/usr/share/keyrings/debian-archive-keyring.gpg'],
    ['http://mirror.example/debian-security', 'bookworm-security', undefined],
  ]);
});

test('the one-line format is read with and without options', () => {
  const list = `# deb http://commented.example/debian bookworm main
deb http://plain.example/debian bookworm main contrib # why
deb [arch=amd64 signed-by=/etc/apt/keyrings/x.gpg] https://signed.example/ubuntu noble universe
deb-src http://plain.example/debian bookworm main
`;
  expect(parseSourcesList(list)).toEqual([
    { uri: 'http://plain.example/debian', suite: 'bookworm', components: ['main', 'contrib'], signedBy: undefined },
    {
      uri: 'https://signed.example/ubuntu',
      suite: 'noble',
      components: ['universe'],
      signedBy: '/etc/apt/keyrings/x.gpg',
    },
  ]);
});

test('the archive of the distribution is the one with its code name, not a vendor’s', () => {
  const vendor = { uri: 'https://vendor.example', suite: 'nodistro', components: ['main'], signedBy: undefined };
  const own = { uri: 'http://mirror.example/debian', suite: 'bookworm', components: ['main'], signedBy: undefined };
  expect(distributionArchive([vendor, own], 'bookworm')).toBe(own);
  expect(distributionArchive([vendor], 'bookworm')).toBeUndefined();
});

test('newer suites are asked before the machine’s own', () => {
  expect(suitesToTry('debian', 'bookworm')).toEqual([
    'unstable',
    'stable-backports',
    'stable',
    'oldstable',
    'testing',
    'bookworm-updates',
    'bookworm',
  ]);
  expect(suitesToTry('ubuntu', 'noble')[0]).toBe('devel');
  expect(suitesToTry('elsewhere', 'x')).toEqual(['x-updates', 'x']);
});

const POLICY = `prometheus:
  Installed: (none)
  Candidate: 2.42.0+ds-5+deb12u1
  Version table:
     2.42.0+ds-5+deb12u1 500
promtool:
  Installed: (none)
  Candidate: (none)
prometheus-pushgateway:
  Installed: (none)
  Candidate: 1:1.5.1-2+b5
`;

test('a candidate is read as upstream’s version, and none as none', () => {
  const offer = parsePolicy(POLICY);
  expect(offer).toEqual({
    prometheus: { version: '2.42.0', package: '2.42.0+ds-5+deb12u1' },
    'prometheus-pushgateway': { version: '1.5.1', package: '1:1.5.1-2+b5' },
  });
  expect(readOffer(JSON.parse(JSON.stringify(offer)))).toEqual(offer);
});

test('promtool comes from the package prometheus where it has no package of its own', () => {
  expect(offered(parsePolicy(POLICY), 'promtool')).toMatchObject({ package: 'prometheus' });
  expect(offered(parsePolicy(POLICY), 'alertmanager')).toBeUndefined();
});

test.each([null, 3, { prometheus: 'x' }, { prometheus: { version: 1, package: 'x' } }])(
  'a remembered offer that is damaged (%j) is read anew',
  (value) => {
    expect(readOffer(value)).toBeUndefined();
  },
);
