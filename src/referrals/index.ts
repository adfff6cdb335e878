// The front door of referrals: all that other features may use.

export { usualMeeting, type Happening } from './event.ts'
export type { NextStep } from './reason.ts'
export type { ReferralState } from './referral.ts'
export { partnerAddress, referralMails } from './referrals.mails.ts'
export { referralNamed } from './named-referral.scene.ts'
export { onAccessChanged, onConsentWithdrawn, onReassigned, recordNextStep } from './referrals.hooks.ts'
export { liveLinkOf } from './link/referral-links.store.ts'
export { actOn, renewLink, sendNewReferral } from './referrals.acts.ts'
export { referralsOfClient, type KeptReferral } from './referrals.store.ts'
export {
  clientReferralsPanel,
  partnerReferralsPanel,
  referralTimeline,
  referralItems,
  serviceReferralsPanel,
} from './panels/referrals.panel.ts'
export { countReferralFigures } from './figures/figures.jobs.ts'
export { followUpDay, type InformalOutcome, type ToldThing } from './informal/informal.ts'
export { informalOfClient, insertInformal, saveInformalOutcome } from './informal/informal.store.ts'
export { informalHerePanel, informalItems, informalPanel, informalTimeline } from './informal/panels/told.panel.ts'
export { messageItems } from './conversation/panels/conversation.panel.ts'
export { attachmentJobs } from './attachments/attachments.jobs.ts'
export { clientLinkOfSecret, type ClientLink } from './handover/client-links.store.ts'
export * as clientSide from './handover/client-side.acts.ts'
export { handoverJobs } from './handover/handover.jobs.ts'
export { clientAppointmentMail, handoverMails } from './handover/handover.mails.ts'
export { reclockJob } from './clocks/clocks.jobs.ts'
export { noteMailFailure, referralJobs } from './referrals.jobs.ts'
export { capacityJobs } from './capacity/capacity.jobs.ts'
export { capacityMails } from './capacity/capacity.mails.ts'
export { capacityItems, serviceCapacityPanel } from './capacity/panels/capacity.panel.ts'
export type { ReferralSlots } from './before-sending/look.scene.ts'
export { referralsRoutes } from './referrals.routes.ts'
export { exchangeJobs } from './exchange/exchange.jobs.ts'
export { exchangeMails } from './exchange/exchange.mails.ts'
export { exchangeRoutes } from './exchange/exchange.routes.ts'
export { connectionsRoutes } from './exchange/connections.routes.ts'
export { completeRequests, incomingItems } from './exchange/incoming.hooks.ts'
export { incomingRoutes } from './exchange/incoming.routes.ts'
