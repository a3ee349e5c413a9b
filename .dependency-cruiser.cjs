// Imports run one way: actions, cli -> action-kit, prometheus, github -> core; inside core the rooms stand in layers.
// Each room lists the rooms it may use. A room that is not listed here is an error: draw it in before it is used.
const rooms = {
  kernel: [],
  promql: ['kernel'],
  promtool: ['kernel'],
  server: ['kernel'],
  heartbeat: ['kernel'],
  input: ['kernel'],
  config: ['kernel', 'input'],
  rules: ['kernel', 'input', 'promql'],
  lint: ['kernel', 'input', 'config', 'promql', 'rules', 'heartbeat'],
  gate: ['kernel', 'input', 'config', 'promql', 'promtool', 'server', 'rules', 'heartbeat', 'lint'],
  ledger: ['kernel', 'input'],
  protection: ['kernel', 'ledger'],
  guard: ['kernel', 'ledger', 'protection'],
  rulepack: ['kernel', 'input', 'config'],
  merge: ['kernel', 'input', 'config', 'rulepack', 'protection', 'ledger', 'guard'],
  rollback: ['kernel', 'input', 'config', 'rulepack', 'protection', 'ledger', 'guard', 'merge'],
  slo: ['kernel', 'input', 'promql'],
  watch: ['kernel', 'input', 'config', 'ledger', 'slo'],
  report: ['kernel', 'gate', 'rulepack', 'protection', 'guard', 'merge', 'slo', 'watch'],
};

const roomRules = Object.entries(rooms).map(([room, uses]) => ({
  name: `core-${room}`,
  comment: `${room} may use ${uses.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^packages/core/src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^packages/core/src/', pathNot: `^packages/core/src/(${[room, ...uses].join('|')})/` },
}));

const packages = {
  core: [],
  prometheus: ['core'],
  github: ['core'],
  'action-kit': ['core'],
  cli: ['core', 'prometheus', 'github', 'action-kit'],
};

const packageRules = Object.entries(packages).map(([name, uses]) => ({
  name: `package-${name}`,
  severity: 'error',
  from: { path: `^packages/${name}/src/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^(packages|actions|test)/', pathNot: `^packages/(${[name, ...uses].join('|')})/` },
}));

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'core-is-pure',
      comment: 'core does no I/O: no process, file system, network or clock (hashing is fine)',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    {
      name: 'known-room',
      comment: 'a new room of core is drawn into the layers first',
      severity: 'error',
      from: { path: '^packages/core/src/([^/]+)/', pathNot: `^packages/core/src/(${Object.keys(rooms).join('|')})/` },
      to: {},
    },
    {
      name: 'only-the-lease-mints-proofs',
      comment: 'a proof of holding a lease comes from the code that took the lease, and from nowhere else',
      severity: 'error',
      from: { path: '^(packages|actions)/', pathNot: '^packages/(core/src/ledger|github/src/lease)/' },
      to: { path: '^packages/core/src/ledger/mint/' },
    },
    {
      name: 'only-the-comparison-mints-revert-proofs',
      comment:
        'a proof that a revert gives the tree from before the merge comes from comparing trees, and from nowhere else',
      severity: 'error',
      from: { path: '^(packages|actions)/', pathNot: '^packages/core/src/rollback/prove\\.ts$' },
      to: { path: '^packages/core/src/rollback/mint/' },
    },
    ...roomRules,
    ...packageRules,
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(lib|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
