// The front door of the kernels: pure, typed arrays in and out, no imports from the rest of Waypost.

export { bootstrapCounts, makeRandom, shuffled, type Random } from './rng.ts'
export {
  binInto,
  binTable,
  cutColumn,
  missingBin,
  mostBins,
  type BinnedColumn,
  type BinnedTable,
  type RawColumn,
} from './bins/bins.ts'
export { choleskyFactor, choleskySolve } from './cholesky.ts'
export { addCrossProduct, addWeightedGram, linearPredictor } from './gram.ts'
export {
  expit,
  fitRidgeLogistic,
  foldNewton,
  heldOutLosses,
  logLoss,
  predictorsWithout,
  stepWithout,
  type FoldedNewton,
  type LogisticFit,
  type LogisticProblem,
  type NewtonOptions,
} from './ridge-logistic.ts'
