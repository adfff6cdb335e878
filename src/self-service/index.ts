// The front door of self-service: what a client does alone.

export { followUpRoutes } from './follow-up.routes.ts'
export { ownRecommendationRoutes } from './recommendation/recommendation.routes.ts'
export { ownReferralRoutes } from './referral/referral.routes.ts'
