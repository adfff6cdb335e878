// Invented job seekers with known truth, for the benchmark alone: who they are, which of five services they are given, and
// what each service would bring them. Nobody is meant and nothing is fitted to real records.
//
// A person x is drawn column by column (see `drawPerson`). With L(z) = 1 / (1 + e^-z):
//
//   site        one of 24; each has a recorded tightness t of its labour market, an unrecorded push u ~ N(0, 0.25) on the
//               log odds of working, and unrecorded habits v_k ~ N(0, 0.3) in giving service k. u and v are independent.
//   none        p_0(x) = L(0.1 + 0.5 t - 0.02 min(weeks, 60) - 0.3 [travel > 60] - 0.012 sick days - 0.25 log(wanted / last)
//                    + 0.06 (schooling - 11) - 0.03 max(0, age - 52) + 0.25 [season of hiring] + 0.1 reads + u)
//   service k   p_k(x) = p_0(x) + d_k(x), kept within 0.01 and 0.99
//   bands       d_coaching  = 0.07 [season of hiring] - 0.01 + 0.06 [wanted / last > 1.25]
//               d_course    = 0.14 below 26; -0.09 from 26 to 39 with less than 13 weeks without work, else 0.05;
//                             0.07 from 40 to 54; -0.11 from 55: it helps some and holds others back
//               d_placement = 0.20 exp(-log(wanted / last)^2 / 0.08) - 0.03 - 0.06 [travel > 60]
//               d_start_up  = 0.24 for crafts and digital trades with 12 years of school or more, else -0.12
//   weak        d_coaching = 0.015; d_course = 0.03 below 26, else 0; d_placement = 0.025 + 0.015 [season of hiring];
//               d_start_up = -0.02
//   given       softmax over the services of c_k(x) + v_k (see `inclination`), mixed with 6 % of fixed shares. Start-up is
//               rare, and is never given to people with a temporary permit: there the true share is exactly 0, and an
//               engine that claims to know is wrong to.
//
// The season of hiring is week 9 to 22 and 36 to 44 of the year in which the episode starts.
//
// Second outcome, `earnings` a month: working with chance p_k(x), then m_k(x) times a heavy-tailed factor of mean 1, with
//   m_k(x) = 900 (last / 1500)^0.5 e^(0.03 (schooling - 11)) (1 + 0.10 [k = course and age < 26] + 0.15 [k = start_up]) + 600.
// The factor is lognormal (sigma 0.35) for 97 of 100, and Pareto with exponent 2.5 (infinite third moment) for the rest.

import { makeRandom, type Random } from '#numerics/index.ts'

export const arms = ['none', 'coaching', 'course', 'placement', 'start_up'] as const
export const shapes = ['bands', 'weak'] as const
export const outcomes = ['employed', 'earnings'] as const
export type Shape = (typeof shapes)[number]
export type OutcomeKind = (typeof outcomes)[number]

export interface Site {
  readonly name: string
  readonly tightness: number
  readonly push: number
  readonly habits: readonly number[]
}

export interface Person {
  readonly age: number
  readonly woman: number
  readonly schooling: number
  readonly last_wage: number
  readonly wanted_wage: number
  readonly weeks_without_work: number
  readonly weeks_of_benefit_left: number
  readonly start_week: number
  readonly household: string
  readonly travel_minutes: number
  readonly trade: string
  readonly reads: number
  readonly permit: string
  readonly sick_days: number
  readonly phone: number
  readonly local_jobs: number
  readonly site: string
}

/** The columns of a person as files carry them; `site` is the cluster. */
export const columns = [
  ...['age', 'woman', 'schooling', 'last_wage', 'wanted_wage', 'weeks_without_work', 'weeks_of_benefit_left'],
  ...[
    'start_week',
    'household',
    'travel_minutes',
    'trade',
    'reads',
    'permit',
    'sick_days',
    'phone',
    'local_jobs',
    'site',
  ],
] as readonly (keyof Person)[]

export const mayBeMissing: readonly (keyof Person)[] = ['schooling', 'last_wage', 'reads', 'travel_minutes']

const households = ['alone', 'couple', 'couple_with_children', 'single_parent']
const trades = ['none', 'crafts', 'digital', 'care', 'kitchen', 'cleaning', 'office', 'transport', 'farm']
const permits = ['citizen', 'permanent', 'temporary']
const shares = [0.5, 0.2, 0.15, 0.12, 0.03]
const mixed = 0.06

/** The sites of one seed; the people of both files live near them. */
export function drawSites(seed: number): readonly Site[] {
  const random = makeRandom(seed, 0)
  return Array.from({ length: 24 }, (_, place) => ({
    name: `site_${String(place + 1).padStart(2, '0')}`,
    tightness: bounded(random.normal() * 0.6, -1.5, 1.5),
    push: 0.25 * random.normal(),
    habits: arms.map((_, arm) => (arm === 0 ? 0 : 0.3 * random.normal())),
  }))
}

export function drawPerson(random: Random, sites: readonly Site[]): { person: Person; site: Site } {
  // The first sites are larger: squaring a uniform number favours low places.
  const site = sites[Math.floor(random.uniform() ** 1.5 * sites.length)]!
  const age = Math.round(bounded(17 + 24 * random.uniform() + 25 * random.uniform(), 17, 66))
  const permit = permits[pick([0.72, 0.18, 0.1], random)]!
  const schooling = Math.round(bounded(11.5 - (permit === 'citizen' ? 0 : 1) + 2.6 * random.normal(), 4, 20))
  const weeks = Math.round(Math.min(156, -22 * Math.log(1 - random.uniform())))
  const last = Math.round(1100 + Math.exp(6.2 + 0.05 * (schooling - 11) + 0.01 * (age - 35) + 0.6 * random.normal()))
  const person: Person = {
    age,
    woman: Number(random.uniform() < 0.48),
    schooling,
    last_wage: last,
    wanted_wage: Math.round(last * Math.exp(0.06 + 0.28 * random.normal())),
    weeks_without_work: weeks,
    weeks_of_benefit_left: Math.max(0, 52 - weeks + Math.round(8 * random.normal())),
    start_week: 1 + random.below(52),
    household: households[pick([0.4, 0.25, 0.24, 0.11], random)]!,
    travel_minutes: Math.round(Math.min(150, 8 + 30 * -Math.log(1 - random.uniform()))),
    trade: trades[pick([0.1, 0.12, 0.08, 0.14, 0.12, 0.12, 0.14, 0.12, 0.06], random)]!,
    reads: pick(permit === 'citizen' ? [0.01, 0.03, 0.16, 0.8] : [0.12, 0.23, 0.35, 0.3], random),
    permit,
    sick_days: random.uniform() < 0.55 ? 0 : Math.round(Math.min(120, -14 * Math.log(1 - random.uniform()))),
    phone: Number(random.uniform() < 0.93),
    local_jobs: Math.round(100 * site.tightness) / 100,
    site: site.name,
  }
  return { person, site }
}

/** Chance of working a year later with each service, at the person's site. */
export function chances(person: Person, site: Site, shape: Shape): readonly number[] {
  const none = expit(
    0.1 +
      0.5 * person.local_jobs -
      0.02 * Math.min(person.weeks_without_work, 60) -
      0.3 * Number(person.travel_minutes > 60) -
      0.012 * person.sick_days -
      0.25 * Math.log(person.wanted_wage / person.last_wage) +
      0.06 * (person.schooling - 11) -
      0.03 * Math.max(0, person.age - 52) +
      0.25 * Number(isHiringSeason(person)) +
      0.1 * person.reads +
      site.push,
  )
  return (shape === 'bands' ? bandEffects : weakEffects)(person).map((effect) => bounded(none + effect, 0.01, 0.99))
}

/** How likely each service is for this person at this site: sums to 1. */
export function assignment(person: Person, site: Site): readonly number[] {
  const odds = inclination(person).map((value, arm) => Math.exp(value + site.habits[arm]!))
  const total = odds.reduce((sum, value) => sum + value, 0)
  const isOpen = (arm: number) => arms[arm] !== 'start_up' || person.permit !== 'temporary'
  const raw = odds.map((value, arm) => (isOpen(arm) ? (1 - mixed) * (value / total) + mixed * shares[arm]! : 0))
  const rest = raw.reduce((sum, value) => sum + value, 0)
  return raw.map((value) => value / rest)
}

/** Mean earnings a month of those who work, with each service. */
export function earningsWhenWorking(person: Person): readonly number[] {
  const usual = 900 * Math.sqrt(person.last_wage / 1500) * Math.exp(0.03 * (person.schooling - 11))
  const lift = [0, 0, person.age < 26 ? 0.1 : 0, 0, 0.15]
  return lift.map((share) => 600 + usual * (1 + share))
}

/** Positive with mean 1; three of a hundred come from a Pareto tail with exponent 2.5. */
export function heavyFactor(random: Random): number {
  const isTail = random.uniform() < 0.03
  if (isTail) return (1.5 / 2.5) * (1 - random.uniform()) ** (-1 / 2.5)
  return Math.exp(0.35 * random.normal() - 0.35 ** 2 / 2)
}

/** The place of one of these, likely as its weight is large. */
export function pick(weights: readonly number[], random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  let place = 0
  while (place < weights.length - 1 && (left -= weights[place]!) > 0) place++
  return place
}

function isHiringSeason({ start_week }: Person): boolean {
  return (start_week >= 9 && start_week <= 22) || (start_week >= 36 && start_week <= 44)
}

function bandEffects(person: Person): readonly number[] {
  const { age, schooling } = person
  const ratio = person.wanted_wage / person.last_wage
  const midLife = person.weeks_without_work < 13 ? -0.09 : 0.05
  const course = age < 26 ? 0.14 : age < 40 ? midLife : age < 55 ? 0.07 : -0.11
  const canStart = (person.trade === 'crafts' || person.trade === 'digital') && schooling >= 12
  return [
    0,
    0.07 * Number(isHiringSeason(person)) - 0.01 + 0.06 * Number(ratio > 1.25),
    course,
    0.2 * Math.exp(-(Math.log(ratio) ** 2) / 0.08) - 0.03 - 0.06 * Number(person.travel_minutes > 60),
    canStart ? 0.24 : -0.12,
  ]
}

function weakEffects(person: Person): readonly number[] {
  return [0, 0.015, person.age < 26 ? 0.03 : 0, 0.025 + 0.015 * Number(isHiringSeason(person)), -0.02]
}

/** The adviser's inclination towards each service, as log odds against none: what they look at also moves the chance of
 *  work, so that those who got a service differ from those who did not. */
function inclination(person: Person): readonly number[] {
  return [
    0,
    -0.9 + 0.03 * (person.weeks_of_benefit_left - 26) + 0.3 * person.phone + 0.3 * Number(isHiringSeason(person)),
    -1.0 - 0.12 * (person.schooling - 11) - 0.02 * (person.age - 40) + 0.25 * person.reads - 0.5 * person.local_jobs,
    -1.1 - 0.015 * (person.travel_minutes - 30) - 0.02 * person.sick_days + 0.0004 * (2000 - person.last_wage),
    -2.7 + 0.1 * (person.schooling - 11) + 0.8 * Number(person.trade === 'crafts') + 0.02 * (person.age - 40),
  ]
}

function expit(z: number): number {
  return 1 / (1 + Math.exp(-z))
}

function bounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
