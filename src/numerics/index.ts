// The front door of the kernels: pure, typed arrays in and out, no imports from the rest of Waypost.

export { bootstrapCounts, makeRandom, shuffled, type Random } from './rng.ts'
export { binTable, cutColumn, missingBin, type BinnedColumn, type BinnedTable, type RawColumn } from './bins/bins.ts'
export { predictBoosted, type BoostedTrees } from './boosting/boosted-trees.ts'
export { fitBoosting, type BoostingFit } from './boosting/boosting.ts'
export {
  type BoostingLoss,
  type BoostingOptions,
  type BoostingProblem,
  type HeldOut,
} from './boosting/boosting-problem.ts'
export {
  bestPolicyTree,
  choosePolicy,
  type PolicyOptions,
  type PolicyProblem,
  type PolicyTree,
} from './policy-tree/policy-tree.ts'
export { crossFittedTreeValue, type TreeValue } from './policy-tree/tree-value.ts'
export {
  faceOfBest,
  rowsOfTransport,
  transportOf,
  type Face,
  type Transport,
  type TransportRows,
} from './assignment/transport.ts'
export { type Assignment } from './welfare/assign.ts'
export { atkinsonScale, chooseByWelfare, type WelfareChoice, type WelfareProblem } from './welfare/welfare.ts'
export { choleskyFactor, choleskySolve } from './cholesky.ts'
export {
  growCausalForest,
  joinCausalForests,
  type CausalForest,
  type CausalForestInput,
  type CausalForestOptions,
} from './forest/causal-forest.ts'
export {
  growMeanForest,
  predictMeanForestOutOfBag,
  type MeanForest,
  type MeanForestInput,
  type MeanForestOptions,
} from './forest/mean-forest.ts'
export {
  openEffects,
  predictEffectsOutOfBag,
  type EffectsOut,
  type EffectsPredictor,
  type EffectsPull,
} from './forest/predict-effects.ts'
export { effectiveNumbers, measureNeighbours, type Neighbours, type NeighboursInput } from './forest/neighbours.ts'
export { nearestGroup, type GroupColumn } from './forest/nearest.ts'
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
export { fitRidgeLinear, type LinearProblem } from './softmax/ridge-linear.ts'
export {
  fitSoftmaxPath,
  scoresToChances,
  softmaxChances,
  type SoftmaxFit,
  type SoftmaxOptions,
  type SoftmaxProblem,
} from './softmax/ridge-softmax.ts'
export { poolFamily, type Family, type PooledFamily } from './pooling/pool.ts'
export {
  effectsByProvider,
  type ProviderEffect,
  type ProviderEffects,
  type ProviderProblem,
} from './pooling/providers.ts'
export {
  averageEffects,
  averageOutcomes,
  effectsByGroup,
  effectsInOverlap,
  overlapWeights,
  type GroupEffects,
  type ScoredRows,
} from './scores/averages.ts'
export { calibrationBins, calibrationTest, type CalibrationBin, type CalibrationTest } from './scores/calibration.ts'
export { normalQuantile, normalTail, studentQuantile, studentTail } from './scores/distributions.ts'
export { meanOf, type Estimate, type Sampling } from './scores/estimate.ts'
export { bestLinearPredictor, type Coefficient } from './scores/linear-effects.ts'
export { meanDifference, rowValues, ruleDifference, ruleValue, type Rule } from './scores/rule-value.ts'
export {
  doublyRobustScores,
  effectScores,
  scoresAsItWas,
  type Normalising,
  type ScoreProblem,
} from './scores/scores.ts'
export { targetingCurve, type TargetingCurve, type TargetingOptions, type TargetingPoint } from './scores/targeting.ts'
export { effectsOnTreated } from './scores/treated.ts'
export {
  effectBounds,
  mostLambda,
  overturningStrength,
  type EffectBounds,
  type OverturningStrength,
  type SensitivityProblem,
} from './sensitivity/hidden-reason.ts'
export { recordedOddsRatios, type RecordedReasons } from './sensitivity/recorded-reasons.ts'
export { planBasis, type Basis } from './bayes-ridge/basis.ts'
export {
  fitBayesRidge,
  predictRidgeEffects,
  predictRidgeOutcomes,
  predictRidgeVariances,
  type BayesRidge,
  type VarianceRule,
} from './bayes-ridge/bayes-ridge.ts'
export { addMoments, gatherMoments, type Moments } from './bayes-ridge/moments.ts'
