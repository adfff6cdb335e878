// Why a referral did not go as hoped, by code, so that the next step can follow from it and the figures can count it.

/** The partner says no. */
export const partnerDeclineReasons = [
  'not_eligible',
  'no_places',
  'wrong_service',
  'access_not_possible',
  'language_not_possible',
  'could_not_reach',
  'service_closed',
  'partner_other',
] as const

/** The client says no, told by the partner, the adviser or the client. */
export const clientDeclineReasons = [
  'changed_mind',
  'found_work',
  'chose_other_service',
  'hours_do_not_suit',
  'too_far',
  'too_costly',
  'client_other',
] as const

/** The adviser takes the referral back, or consent is withdrawn. */
export const withdrawReasons = [
  'client_changed_mind',
  'client_found_work',
  'other_service_chosen',
  'partner_silent',
  'sent_by_mistake',
  'consent_withdrawn',
  'adviser_other',
] as const

/** It began or was agreed, and stopped before its end. */
export const earlyEndReasons = [
  'found_work_early',
  'never_came',
  'stopped_coming',
  'health',
  'caring_duties',
  'moved_away',
  'not_suitable',
  'service_stopped',
  'end_other',
] as const

/** A missed appointment is followed up with a reason, not with a penalty. */
export const absenceReasons = [
  'ill',
  'caring',
  'transport',
  'did_not_know',
  'at_work',
  'absence_not_known',
  'absence_other',
] as const

/** How far a completed service reached what was agreed. */
export const completionResults = ['achieved', 'partly_achieved', 'not_achieved'] as const

/** What the client does next once a referral has ended; recording one closes the referral. */
export const nextSteps = [
  'another_referral',
  'working',
  'in_training',
  'with_adviser',
  'no_more_help_wanted',
  'lost_touch',
] as const

export type PartnerDeclineReason = (typeof partnerDeclineReasons)[number]
export type ClientDeclineReason = (typeof clientDeclineReasons)[number]
export type WithdrawReason = (typeof withdrawReasons)[number]
export type EarlyEndReason = (typeof earlyEndReasons)[number]
export type AbsenceReason = (typeof absenceReasons)[number]
export type CompletionResult = (typeof completionResults)[number]
export type NextStep = (typeof nextSteps)[number]

/** What a decline asks of the adviser. */
export type AfterDecline = 'correct_requirement' | 'ask_again_later' | 'try_to_reach' | 'choose_again'

/** The reason sets what happens next; whoever declined, nobody has to guess. */
export function afterDecline(reason: PartnerDeclineReason | ClientDeclineReason): AfterDecline {
  switch (reason) {
    case 'not_eligible':
    case 'wrong_service':
    case 'service_closed':
      return 'correct_requirement'
    case 'no_places':
      return 'ask_again_later'
    case 'could_not_reach':
      return 'try_to_reach'
    default:
      return 'choose_again'
  }
}
