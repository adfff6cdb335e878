// Property tests take the same examples in every run of `npm test`: a change is judged by what it changes, not by chance.
// To look further: PROPERTY_RUNS=2000 draws new examples, so many a property that names no number of its own.

import fc from 'fast-check'

const runs = Number(process.env.PROPERTY_RUNS ?? '')
fc.configureGlobal(runs > 0 ? { numRuns: runs } : { seed: 20_260_101 })
