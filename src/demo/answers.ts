// An invented person's answers to the shipped instruments, such that the profile derived from them is the person.

import type { Answer, Answers } from '#assessment/index.ts'
import type { Facts } from '#directory/index.ts'

const option = (key: string): readonly Answer[] => [{ kind: 'option', key }]
const options = (keys: readonly string[]): readonly Answer[] => keys.map((key) => ({ kind: 'option', key }))
const number = (value: number): readonly Answer[] => [{ kind: 'number', number: value }]
const yesNo = (yes: boolean): readonly Answer[] => [{ kind: 'yes_no', yes }]

/** The answers to the instrument of that address (the part behind the last colon); null for one that is not shipped. */
export function answersTo(instrument: string, facts: Facts, areaName: string): Answers | null {
  const entries = entriesOf(instrument, facts, areaName)
  return entries && new Map(entries.filter((entry): entry is Entry => entry !== null && entry[1].length > 0))
}

type Entry = readonly [string, readonly Answer[]]

function entriesOf(instrument: string, facts: Facts, areaName: string): (Entry | null)[] | null {
  switch (instrument) {
    case 'first-conversation':
      return firstConversation(facts, areaName)
    case 'skills-and-work':
      return skillsAndWork(facts)
    case 'what-matters':
      return whatMatters(facts)
    default:
      return null
  }
}

function firstConversation(facts: Facts, areaName: string): (Entry | null)[] {
  const needs = listOf(facts.needs)
  const asks: Readonly<Record<string, string>> = {
    job_search: 'job',
    skills: 'skills',
    language: 'language',
    credential: 'credential',
    work_experience: 'experience',
    digital: 'digital',
    self_employment: 'business',
  }
  const helpWanted = needs.flatMap((need) => asks[need] ?? [])
  return [
    ['help-wanted', options(helpWanted.length > 0 ? helpWanted : ['job'])],
    ['area', [{ kind: 'text', text: areaName }]],
    ['housing', option(needs.includes('housing') ? 'no' : 'yes')],
    ['caring', yesNo(facts.caring_duties === true)],
    ['children', number(Number(facts.children ?? 0))],
    facts.caring_duties === true ? ['childcare', yesNo(needs.includes('childcare'))] : null,
    ['phone', option('own')],
    ['internet', option(facts.has_internet === true ? 'home' : 'no')],
    ['work-permission', option(String(facts.work_permission ?? 'yes'))],
    ['documents', options(listOf(facts.documents))],
    ['benefit', option(facts.receives_benefit === true ? 'yes' : 'no')],
    ['debt', option(needs.includes('debt') ? 'help' : 'no')],
    ['health', option(needs.includes('health') ? 'help' : 'no')],
  ]
}

function skillsAndWork(facts: Facts): (Entry | null)[] {
  const worked = facts.occupation_group !== 'none'
  const isFluent = facts.language_level === 'C1' || facts.language_level === 'C2'
  return [
    ['ever-worked', option(worked ? 'yes' : 'no')],
    ['working-now', option('no')],
    ['months-without-work', number(Number(facts.months_unemployed ?? 0))],
    ['months-worked', number(Number(facts.months_worked_3_years ?? 0))],
    ['times-without-work', number(Number(facts.earlier_spells ?? 0))],
    worked ? ['kind-of-work', option(String(facts.occupation_group))] : null,
    typeof facts.earlier_monthly_earnings === 'number' ? ['earnings', number(facts.earlier_monthly_earnings)] : null,
    ['school', option(String(facts.schooling ?? 'upper_secondary'))],
    ['certificate-abroad', yesNo(facts.credential_abroad === true)],
    facts.credential_abroad === true
      ? ['certificate-accepted', option(facts.credential_recognised === true ? 'yes' : 'no-help')]
      : null,
    ['language-here', option(String(facts.language_level ?? 'C2'))],
    isFluent ? null : ['language-help', yesNo(listOf(facts.needs).includes('language'))],
    ['computer', option(String(facts.digital_skills ?? 'everyday'))],
    ['computer-help', yesNo(listOf(facts.needs).includes('digital'))],
    ['licence', option(facts.driving_licence === true ? 'yes' : 'no')],
  ]
}

function whatMatters(facts: Facts): (Entry | null)[] {
  return [
    ['aims', options(listOf(facts.aims))],
    ['travel-minutes', number(Number(facts.minutes_willing_to_travel ?? 30))],
    ['hours', options(listOf(facts.hours_available))],
    ['hours-a-week', number(Number(facts.hours_a_week ?? 40))],
  ]
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : []
}
