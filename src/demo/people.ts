// Invented people: circumstances that hang together as they do in life, drawn by a seed.

import { languageLevels, schoolingLevels, type Facts } from '#directory/index.ts'
import { expit, type Random } from '#numerics/index.ts'
import { demoAreas } from './region.ts'

const digitalSteps = ['none', 'basic', 'everyday', 'confident', 'expert'] as const
const occupations = [
  'none',
  'clerical',
  'sales',
  'care',
  'construction',
  'industry',
  'transport',
  'hospitality',
  'professional',
] as const

/** What is known of one invented person on the day of the assessment. */
export function drawFacts(random: Random): Facts {
  const { uniform, normal } = random
  const chance = (share: number) => uniform() < share
  const age = Math.round(clip(37 + 12 * normal(), 18, 63))
  const isFemale = chance(0.48)
  const bornAbroad = chance(0.36)
  const schooling = pick(random, bornAbroad ? [4, 12, 18, 26, 16, 24] : [1, 4, 20, 42, 18, 15])
  const language = bornAbroad ? clip(Math.round(0.9 + 0.55 * schooling + 1.4 * normal()), 0, 6) : 6
  const disability = chance(expit(-3 + 0.045 * (age - 30)))
  const children = pick(random, [52, 20, 18, 10])
  const caring = chance(expit(-2.4 + 0.6 * children + (isFemale ? 0.7 : 0)))
  const monthsUnemployed = Math.round(
    clip(-8 * Math.log(1 - uniform()) * (disability ? 1.5 : 1) * (1 + Math.max(0, age - 40) / 50), 0, 60),
  )
  const monthsWorked = Math.round(
    clip(27 - 0.6 * monthsUnemployed - (age < 24 ? 7 : 0) - (bornAbroad ? 3 : 0) + 7 * normal(), 0, 36),
  )
  const digital = clip(Math.round(1.2 + 0.5 * schooling - 0.03 * (age - 38) + 0.9 * normal()), 0, 4)
  const occupation = pick(random, [
    10,
    13,
    14,
    isFemale ? 18 : 7,
    isFemale ? 3 : 14,
    13,
    10,
    11,
    2 + 3 * Math.max(0, schooling - 3),
  ])
  const credentialAbroad = bornAbroad && schooling >= 4 && chance(0.75)
  const healthNeed = disability ? chance(0.7) : chance(0.08)
  const wantsBusiness = chance(0.08)
  const licence = chance(expit(-0.3 + 0.05 * (age - 25) - (bornAbroad ? 0.6 : 0)))
  const needs = [
    ...(language <= 3 ? ['language'] : []),
    ...(schooling <= 2 || chance(0.2) ? ['skills'] : []),
    ...(credentialAbroad ? ['credential'] : []),
    ...(chance(0.45) ? ['job_search'] : []),
    ...(monthsWorked < 8 ? ['work_experience'] : []),
    ...(caring && chance(0.5) ? ['childcare'] : []),
    ...(healthNeed ? ['health'] : []),
    ...(digital <= 1 ? ['digital'] : []),
    ...(chance(0.1) ? ['debt'] : []),
    ...(chance(0.07) ? ['housing'] : []),
    ...(wantsBusiness ? ['self_employment'] : []),
  ]
  return {
    age,
    sex: isFemale ? 'female' : chance(0.01) ? 'other' : 'male',
    born_abroad: bornAbroad,
    disability,
    residence_area:
      demoAreas[
        pick(
          random,
          demoAreas.map((area) => area.share),
        )
      ]?.code ?? 'A1',
    work_permission: bornAbroad && chance(0.06) ? 'limited' : 'yes',
    language_level: languageLevels[language] ?? 'C2',
    schooling: schoolingLevels[schooling] ?? 'upper_secondary',
    credential_abroad: credentialAbroad,
    ...(credentialAbroad ? { credential_recognised: chance(0.15) } : {}),
    months_unemployed: monthsUnemployed,
    months_worked_3_years: monthsWorked,
    earlier_spells: pick(random, [42, 27, 17, 9, 5]),
    ...(monthsWorked > 0
      ? {
          earlier_monthly_earnings:
            Math.round((900 * Math.exp(0.13 * schooling + 0.006 * (age - 18) + 0.3 * normal())) / 10) * 10,
        }
      : {}),
    occupation_group: occupations[occupation] ?? 'none',
    digital_skills: digitalSteps[digital] ?? 'everyday',
    driving_licence: licence,
    caring_duties: caring,
    children,
    receives_benefit: chance(expit(0.7 - 0.03 * monthsUnemployed + 0.02 * monthsWorked)),
    has_internet: chance(0.9),
    hours_available: hoursOf(random, caring),
    hours_a_week: caring ? 20 : chance(0.15) ? 25 : 40,
    minutes_willing_to_travel: [20, 30, 45, 60][pick(random, [15, 40, 30, 15])] ?? 30,
    documents: [
      'identity',
      ...(chance(0.6) ? ['cv'] : []),
      ...(chance(0.5) ? ['school_certificate'] : []),
      ...(licence ? ['driving_licence'] : []),
    ],
    needs,
    aims: [
      wantsBusiness
        ? 'own_business'
        : credentialAbroad
          ? 'recognised_profession'
          : chance(0.55)
            ? 'job_soon'
            : chance(0.5)
              ? 'training'
              : 'better_job',
    ],
  }
}

function hoursOf(random: Random, isCaring: boolean): readonly string[] {
  if (isCaring) return random.uniform() < 0.7 ? ['mornings'] : ['mornings', 'afternoons']
  const evenings = random.uniform() < 0.2 ? ['evenings'] : []
  return ['mornings', 'afternoons', ...evenings]
}

/** The place in a list of weights, each by its share. */
export function pick(random: Random, weights: readonly number[]): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.length - 1
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
