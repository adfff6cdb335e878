// What stands in the way of a referral that is about to be sent, and the ways past it.

import type { Check, Rule } from '#directory/index.ts'

/** Why it cannot be sent as it is. Each says a rule: of the service, of the network or of the client. */
export const stops = ['service_closed', 'requirement_not_met', 'same_open', 'consent_withdrawn'] as const

/** What has made referrals fail, or costs the client a trip: worth a look, and no bar. */
export const warnings = [
  ...(['requirement_unknown', 'same_partner_open', 'no_places', 'places_old', 'starts_late', 'start_past'] as const),
  ...(['no_language', 'language_unknown', 'access_not_named', 'access_unknown', 'not_remote'] as const),
  ...(['hours_not_free', 'too_far', 'far', 'partner_silent', 'no_address'] as const),
] as const

/** What nobody knows, or what it is well to bear in mind. */
export const notes = [
  ...(['places_unknown', 'hours_unknown', 'home_unknown', 'place_unknown', 'costs', 'file_restricted'] as const),
] as const

export type FindingCode = (typeof stops)[number] | (typeof warnings)[number] | (typeof notes)[number]
export type Level = 'stop' | 'warning' | 'note'

/** What can be done about a finding, from the page where it stands. */
export const waysOut = [
  // Choose something else.
  ...(['other_service', 'other_place', 'open_other'] as const),
  // Find out.
  ...(['ask_client', 'ask_places', 'ring', 'see_service'] as const),
  // Put right.
  ...(['correct_facts', 'correct_requirement', 'correct_file', 'read_shared'] as const),
  // Say it in the referral.
  ...(['ask_interpreter', 'agree_again', 'ask_exception'] as const),
] as const
export type WayOut = (typeof waysOut)[number]

export interface Finding {
  readonly code: FindingCode
  readonly level: Level
  /** Codes, numbers, days and references; put into words by the page. */
  readonly values: Readonly<Record<string, string | number | readonly string[]>>
  /** The requirement that it is about, with what was found. */
  readonly requirement?: RequirementToCheck
  readonly waysOut: readonly [WayOut, ...WayOut[]]
  /** A stop that may be passed by saying so: the partner makes exceptions, or the client agreed anew. */
  readonly mayPass?: true
}

export interface RequirementToCheck {
  /** Null: the directory itself states it, as it does ages. */
  readonly id: string | null
  readonly rule: Rule
  readonly isNegotiable: boolean
  readonly check: Check
}

/** By this a finding is named where it is kept and where it is passed. */
export function markOf({ code, requirement }: Pick<Finding, 'code' | 'requirement'>): string {
  return requirement?.id ? `${code}:${requirement.id}` : code
}

/** The stops that remain when these were passed. */
export function stopsLeft(findings: readonly Finding[], passed: readonly string[]): readonly Finding[] {
  return findings.filter(
    (finding) => finding.level === 'stop' && !(finding.mayPass === true && passed.includes(markOf(finding))),
  )
}
