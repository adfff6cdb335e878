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
export { predictBoosted, type BoostedTrees } from './boosting/boosted-trees.ts'
export {
  fitBoosting,
  type BoostingFit,
  type BoostingOptions,
  type BoostingProblem,
  type HeldOut,
} from './boosting/boosting.ts'
export { softmaxLoss, type BoostingLoss } from './boosting/losses.ts'
export {
  bestPolicyTree,
  choosePolicy,
  type PolicyOptions,
  type PolicyProblem,
  type PolicyTree,
} from './policy-tree/policy-tree.ts'
export { crossFittedTreeValue, type TreeValue } from './policy-tree/tree-value.ts'
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
export {
  averageEffects,
  averageOutcomes,
  effectsByGroup,
  effectsInOverlap,
  overlapWeights,
  type GroupEffects,
  type ScoredRows,
} from './scores/averages.ts'
export { normalQuantile, normalTail, studentQuantile, studentTail } from './scores/distributions.ts'
export { estimateOf, meanOf, pAboveZero, type Estimate, type Sampling } from './scores/estimate.ts'
export { meanDifference, rowValues, ruleDifference, ruleValue, type Rule } from './scores/rule-value.ts'
export {
  doublyRobustScores,
  effectScores,
  scoresAsItWas,
  type Normalising,
  type ScoreProblem,
} from './scores/scores.ts'
export { effectsOnTreated } from './scores/treated.ts'
