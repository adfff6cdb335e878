// The front door of matching, the Service Referral Module.

export type { ChoiceReason } from './choice.ts'
export { matchingRoutes } from './matching.routes.ts'
export { onAccessChanged } from './matching.hooks.ts'
export { togetherRoutes } from './together/together.routes.ts'
export { allocationJobs } from './allocation/allocation.jobs.ts'
export { allocationRoutes } from './allocation/allocation.routes.ts'
export { proposalItems } from './allocation/panels/proposals.panel.ts'
export { recommendationPanel } from './panels/recommendation.panel.ts'
export { fitForClient, recommendForClient, type MadeRecommendation } from './recommend-client.run.ts'
export { isRecommendationOf } from './recommendations.store.ts'
export { recommend, type RankedService, type Recommendation } from './recommend.ts'
export { reportRecommendation } from './recommendation.report.ts'
