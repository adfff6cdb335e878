// The import map. It is the architecture: docs/architecture.md draws it, and a change here needs a decision record.
// feature: [features it may use]. The order is the direction: a feature uses only those above it.
const features = {
  networks: [],
  staff: [],
  clients: ['staff'],
  directory: ['staff'],
  occupations: [],
  assessment: ['clients', 'directory', 'occupations'],
  partners: ['staff', 'clients', 'directory'],
  sites: ['staff', 'clients', 'directory'],
  referrals: ['staff', 'clients', 'directory', 'assessment', 'partners', 'sites'],
  outcomes: ['staff', 'clients', 'directory', 'referrals'],
  evidence: ['staff', 'clients', 'assessment', 'directory', 'referrals', 'outcomes'],
  matching: [
    ...['staff', 'clients', 'assessment', 'directory', 'occupations'],
    ...['partners', 'sites', 'referrals', 'outcomes', 'evidence'],
  ],
  equity: [
    ...['staff', 'clients', 'directory', 'assessment', 'sites', 'partners'],
    ...['referrals', 'outcomes', 'evidence', 'matching'],
  ],
  'staff-training': ['staff', 'clients', 'sites', 'referrals', 'matching', 'equity'],
  'self-service': [
    ...['staff', 'clients', 'directory', 'occupations', 'assessment'],
    ...['partners', 'sites', 'referrals', 'outcomes', 'matching'],
  ],
  casefile: [
    ...['staff', 'clients', 'directory', 'occupations', 'assessment', 'self-service', 'partners', 'sites'],
    ...['referrals', 'outcomes', 'evidence', 'matching', 'equity', 'staff-training'],
  ],
}
for (const feature of Object.keys(features)) if (feature !== 'networks') features[feature].push('networks')

const names = Object.keys(features).join('|')
const error = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to })
const runtime = { dependencyTypesNot: ['type-only'] }
// A file with no dotted role is domain: pure, given its clock, its ids and its chance.
const domain = { path: `^src/(${names})/[^.]+[.]ts$`, pathNot: '/index[.]ts$' }
// Pure packages that domain files may use.
const purePackages = 'node_modules/(zod)/'

module.exports = {
  forbidden: [
    ...Object.entries(features).map(([name, may]) =>
      error(
        `${name}-may-import`,
        { path: `^src/${name}/` },
        { path: `^src/(${names})/`, pathNot: `^src/(${[name, ...may].join('|')})/` },
        'Invert the call, or edit the map and write a decision record.',
      ),
    ),
    error(
      'feature-front-door',
      { path: `^src/(${names})/` },
      { path: `^src/(${names})/.+`, pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$'] },
    ),
    error('domain-is-pure', domain, {
      pathNot: [
        domain.path,
        '^src/platform/(result|dates|ids|due|suppression|typing-errors)[.]ts$',
        '^src/numerics/index[.]ts$',
        purePackages,
        // Types alone: there is nothing in it that could run.
        '^@medplum/fhirtypes$',
        '[.]json$',
      ],
      ...runtime,
    }),
    error('domain-borrows-types-only', domain, { path: `^src/(${names})/index[.]ts$`, ...runtime }),
    error(
      'store-knows-no-http',
      { path: '[.]store[.]ts$' },
      { path: '[.](routes|page|jobs)[.]ts$|node_modules/(@fastify|fastify|nunjucks)' },
    ),
    error(
      'only-roots-mount',
      { path: '^src/([^/]+)/', pathNot: '[.]test[.]ts$|^src/[^/]+/index[.]ts$' },
      // A feature's own pages may mount one another; a front door hands them to app.ts.
      { path: '[.](routes|jobs)[.]ts$', pathNot: '^src/$1/' },
    ),
    error('platform-knows-no-feature', { path: '^src/platform/' }, { path: `^src/(${names}|numerics|compute)/` }),
    error(
      'numerics-imports-nothing',
      { path: '^src/numerics/', pathNot: '[.]test[.]ts$' },
      { pathNot: '^src/numerics/' },
    ),
    error(
      'numerics-front-door',
      { pathNot: '^src/numerics/|^bench/' },
      { path: '^src/numerics/', pathNot: '^src/numerics/index[.]ts$' },
    ),
    error(
      'numerics-users',
      { path: `^src/(${names})/`, pathNot: '^src/(evidence|matching|sites|equity)/' },
      { path: '^src/numerics/' },
    ),
    error('threads-only-in-compute', { pathNot: '^src/compute/' }, { path: '^(node:)?worker_threads$' }),
    error(
      'demo-is-for-the-command',
      { path: '^src/', pathNot: '^src/(demo/|main[.]ts|commands/)' },
      { path: '^src/demo/' },
    ),
    error('no-circular', {}, { circular: true }),
    error('no-orphans', { orphan: true, pathNot: '[.](test|d)[.]ts$|^src/main[.]ts$|[.]json$|/assets/' }, {}),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.app.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
