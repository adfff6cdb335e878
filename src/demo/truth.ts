// The stated model of the demonstration: who works a year later, with and without each kind of service, and who was sent
// where. Invented, and known exactly, so that a ranking can be checked against the truth.

import { languageLevels, schoolingLevels, type Facts } from '#directory/index.ts'
import { expit, type Random } from '#numerics/index.ts'

/** The arms of the demonstration's past: no service, or the first one that was started. */
export const demoArms = [
  'none',
  'job_search_support',
  'language_training',
  'vocational_training',
  'work_experience',
  'wage_subsidy',
  'bridging',
  'supported_employment',
  'self_employment_support',
] as const

export type DemoArm = (typeof demoArms)[number]

/** Everything the model asks of a person, as numbers; what is not known has its usual value. */
interface Traits {
  readonly age: number
  readonly months: number
  readonly worked: number
  readonly schooling: number
  readonly language: number
  readonly digital: number
  readonly spells: number
  readonly isCaring: boolean
  readonly hasLicence: boolean
  readonly isDisabled: boolean
  readonly hasHealthNeed: boolean
  readonly hasCredentialAbroad: boolean
  readonly wantsBusiness: boolean
}

/** P(working on day 365 | facts, arm), from 0.01 to 0.97, for each arm in the order of `demoArms`. */
export function chances(facts: Facts): readonly number[] {
  const traits = traitsOf(facts)
  const alone = expit(alonePoints(traits))
  return demoArms.map((arm) => Math.min(0.97, Math.max(0.01, alone + added(arm, traits))))
}

/** P(arm | facts): advisers of the past sent people by habit, need and rough judgement. Each arm keeps at least 1.5 in 100. */
export function assignment(facts: Facts): readonly number[] {
  const traits = traitsOf(facts)
  const weights = demoArms.map((arm) => Math.exp(leaning(arm, traits)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const floor = 0.015
  return weights.map((weight) => floor + (1 - floor * demoArms.length) * (weight / total))
}

/** One of the arms, by its chance. */
export function drawArm(facts: Facts, random: Random): DemoArm {
  let left = random.uniform()
  const shares = assignment(facts)
  for (const [index, arm] of demoArms.entries()) {
    left -= shares[index] ?? 0
    if (left < 0) return arm
  }
  return 'none'
}

function alonePoints(t: Traits): number {
  return (
    0.25 -
    0.035 * t.months +
    0.03 * (t.worked - 18) +
    0.16 * (t.schooling - 3) +
    0.1 * (t.language - 4) +
    0.12 * (t.digital - 2) -
    0.02 * Math.max(0, t.age - 48) -
    0.12 * t.spells -
    (t.isCaring ? 0.35 : 0) +
    (t.hasLicence ? 0.25 : 0) -
    (t.isDisabled ? 0.45 : 0) -
    (t.hasHealthNeed ? 0.3 : 0)
  )
}

/** What a service adds to the chance, in shares of one: each helps some people and not others. */
function added(arm: DemoArm, t: Traits): number {
  switch (arm) {
    case 'none':
      return 0
    case 'job_search_support':
      // Works early, for people who are nearly there.
      return 0.1 * expit((7 - t.months) / 2.5) + 0.02 * (t.schooling - 2) - 0.03
    case 'language_training':
      // Works where language is what is missing, most in the middle of the scale.
      return t.language <= 4 ? 0.26 * Math.exp(-((t.language - 2) ** 2) / 3.5) - 0.02 : -0.05
    case 'vocational_training':
      return 0.17 * expit((t.months - 8) / 4) * expit((3.2 - t.schooling) * 1.6) + (t.language <= 1 ? -0.08 : 0.02)
    case 'work_experience':
      return 0.14 * expit((16 - t.worked) / 4) - (t.isCaring ? 0.07 : 0) + 0.01
    case 'wage_subsidy':
      return 0.2 * expit((t.months - 14) / 4) + 0.05 * expit((t.age - 50) / 3) - 0.01
    case 'bridging':
      return t.hasCredentialAbroad ? 0.24 * expit((t.language - 2.5) * 1.5) - 0.02 : -0.06
    case 'supported_employment':
      return t.hasHealthNeed || t.isDisabled ? 0.24 : -0.03
    case 'self_employment_support':
      return t.wantsBusiness ? 0.15 + 0.02 * (t.digital - 2) : -0.08
  }
}

function leaning(arm: DemoArm, t: Traits): number {
  switch (arm) {
    case 'none':
      return 0.6 + 0.03 * (t.worked - 18)
    case 'job_search_support':
      return 0.5 - 0.05 * (t.months - 6) + 0.1 * (t.schooling - 3)
    case 'language_training':
      return t.language >= 5 ? -2.5 : 0.4 - 0.45 * (t.language - 3)
    case 'vocational_training':
      return -0.1 + 0.03 * (t.months - 8) - 0.25 * (t.schooling - 3) - 0.015 * (t.age - 38)
    case 'work_experience':
      return -0.6 - 0.04 * (t.worked - 18) - 0.03 * (t.age - 36) - (t.isCaring ? 0.4 : 0)
    case 'wage_subsidy':
      return -1.1 + 0.04 * (t.months - 10) + 0.02 * (t.age - 42)
    case 'bridging':
      return t.hasCredentialAbroad ? 0.3 + 0.2 * (t.schooling - 4) : -2.6
    case 'supported_employment':
      return t.isDisabled || t.hasHealthNeed ? 0.2 : -2.4
    case 'self_employment_support':
      return t.wantsBusiness ? 0.1 : -2.3
  }
}

function traitsOf(facts: Facts): Traits {
  const number = (value: unknown, usual: number) => (typeof value === 'number' ? value : usual)
  const step = (value: unknown, steps: readonly string[], usual: number) =>
    typeof value === 'string' && steps.includes(value) ? steps.indexOf(value) : usual
  const has = (value: unknown, code: string) => Array.isArray(value) && value.includes(code)
  return {
    age: number(facts.age, 38),
    months: number(facts.months_unemployed, 9),
    worked: number(facts.months_worked_3_years, 18),
    schooling: step(facts.schooling, schoolingLevels, 3),
    language: step(facts.language_level, languageLevels, 5),
    digital: step(facts.digital_skills, ['none', 'basic', 'everyday', 'confident', 'expert'], 2),
    spells: number(facts.earlier_spells, 1),
    isCaring: facts.caring_duties === true,
    hasLicence: facts.driving_licence === true,
    isDisabled: facts.disability === true,
    hasHealthNeed: has(facts.needs, 'health'),
    hasCredentialAbroad: facts.credential_abroad === true,
    wantsBusiness: has(facts.aims, 'own_business'),
  }
}
