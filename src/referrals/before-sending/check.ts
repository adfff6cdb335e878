// Most referrals fail for dull reasons: not eligible, no places, no answer, nobody could get there. This looks for them before
// a referral is sent. Pure: the same knowledge gives the same findings, in the order in which they are read.

import type { CalendarDay } from '#platform/dates.ts'
import { notes, stops, type Finding, type FindingCode, type RequirementToCheck, type WayOut } from './finding.ts'
import { isSilent, type Answering } from './silence.ts'

/** What the ranking says of a service for a client: one point that speaks for it or against it, or that nobody knows. */
export interface FitPoint {
  readonly side: 'for' | 'against' | 'unknown'
  readonly key: string
  readonly values: Readonly<Record<string, string | number>>
}

/** All that is known when somebody is about to send. */
export interface Sending {
  /** Null: the service takes people. Else why it does not. */
  readonly closed: 'inactive' | 'defunct' | 'temporarily_closed' | 'gone' | null
  readonly requirements: readonly RequirementToCheck[]
  readonly points: readonly FitPoint[]
  /** The client's referrals to the same partner that have not ended, the latest first. */
  readonly open: readonly { readonly id: string; readonly reference: string; readonly isSameService: boolean }[]
  /** What became of earlier referrals to the partner, of all clients, the latest first. */
  readonly answering: readonly Answering[]
  readonly hasAddress: boolean
  /** When the client withdrew a consent to share with this partner and has given none since. */
  readonly consentWithdrawnOn: CalendarDay | null
  /** Only named staff may see the client's file. */
  readonly isRestricted: boolean
}

/** Everything that stands in the way, stops first, then warnings, then notes; empty when nothing does. */
export function checkBeforeSending(sending: Sending): readonly Finding[] {
  const found = [
    ...closedFinding(sending),
    ...sending.requirements.flatMap(requirementFinding),
    ...openFindings(sending),
    ...consentFinding(sending),
    ...addressFinding(sending),
    ...silenceFinding(sending),
    ...fitFindings(sending.points),
    ...(sending.isRestricted ? [finding('file_restricted', ['read_shared'])] : []),
  ]
  return (['stop', 'warning', 'note'] as const).flatMap((level) => found.filter((each) => each.level === level))
}

function finding(
  code: FindingCode,
  waysOut: Finding['waysOut'],
  rest: Pick<Finding, 'requirement' | 'mayPass'> & { readonly values?: Finding['values'] } = {},
): Finding {
  const level = stops.some((stop) => stop === code) ? 'stop' : notes.some((note) => note === code) ? 'note' : 'warning'
  return { code, level, waysOut, ...rest, values: rest.values ?? {} }
}

function closedFinding({ closed }: Sending): readonly Finding[] {
  return closed === null
    ? []
    : [finding('service_closed', ['other_service', 'see_service'], { values: { status: closed } })]
}

function requirementFinding(requirement: RequirementToCheck): readonly Finding[] {
  const { check, isNegotiable, id } = requirement
  const correct: WayOut = id === null ? 'see_service' : 'correct_requirement'
  if (check.answer === 'not_known') {
    return [finding('requirement_unknown', ['ask_client', correct], { requirement })]
  }
  if (check.answer === 'meets') return []
  return isNegotiable
    ? [
        finding('requirement_not_met', ['ask_exception', 'correct_facts', 'other_service'], {
          requirement,
          mayPass: true,
        }),
      ]
    : [finding('requirement_not_met', ['correct_facts', correct, 'other_service'], { requirement })]
}

function openFindings({ open }: Sending): readonly Finding[] {
  const same = open.find((each) => each.isSameService)
  if (same) return [finding('same_open', ['open_other'], { values: { referral: same.id, reference: same.reference } })]
  const [other] = open
  if (!other) return []
  const values = { referral: other.id, reference: other.reference }
  return [finding('same_partner_open', ['open_other'], { values })]
}

function consentFinding({ consentWithdrawnOn: day }: Sending): readonly Finding[] {
  if (day === null) return []
  return [finding('consent_withdrawn', ['agree_again', 'other_service'], { values: { day }, mayPass: true })]
}

function addressFinding({ hasAddress }: Sending): readonly Finding[] {
  return hasAddress ? [] : [finding('no_address', ['ring', 'see_service'])]
}

function silenceFinding({ answering }: Sending): readonly Finding[] {
  return isSilent(answering) ? [finding('partner_silent', ['ring', 'other_service'])] : []
}

/** What each point of the fit means for whoever sends, and what can be done about it. */
const meanings: Readonly<Record<string, readonly [FindingCode, Finding['waysOut']]>> = {
  places_none: ['no_places', ['ask_places', 'other_service']],
  places_old: ['places_old', ['ask_places']],
  places_unknown: ['places_unknown', ['ask_places']],
  starts_late: ['starts_late', ['ask_places', 'other_service']],
  start_past: ['start_past', ['ask_places']],
  farther_than_willing: ['too_far', ['other_place', 'other_service']],
  far: ['far', ['other_place', 'other_service']],
  home_unknown: ['home_unknown', ['correct_file']],
  place_unknown: ['place_unknown', ['ring', 'see_service']],
  no_language: ['no_language', ['ask_interpreter', 'other_service']],
  language_unknown: ['language_unknown', ['ask_interpreter', 'ring']],
  access_not_named: ['access_not_named', ['ring', 'other_place']],
  access_unknown: ['access_unknown', ['ring', 'other_place']],
  not_remote: ['not_remote', ['ring', 'other_service']],
  hours_not_free: ['hours_not_free', ['ask_places', 'other_service']],
  hours_unknown: ['hours_unknown', ['ring', 'see_service']],
  costs: ['costs', ['see_service', 'other_service']],
}

function fitFindings(points: readonly FitPoint[]): readonly Finding[] {
  const found: Finding[] = []
  for (const { side, key, values } of points) {
    const meaning = side === 'for' ? undefined : meanings[key]
    if (!meaning) continue
    const [code, waysOut] = meaning
    const known = found.findIndex((each) => each.code === code)
    // Several access needs that are not met are one thing to ask about.
    const access = typeof values['access'] === 'string' ? [values['access']] : null
    if (known >= 0 && access) {
      const before = found[known]!
      found[known] = { ...before, values: { access: [...listIn(before.values['access']), ...access] } }
    } else if (known < 0) found.push(finding(code, waysOut, { values: access ? { access } : values }))
  }
  return found
}

function listIn(value: Finding['values'][string] | undefined): readonly string[] {
  return typeof value === 'object' ? value : []
}
