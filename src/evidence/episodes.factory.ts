// Invented past episodes with a known truth, for tests.

import type { FactCode, FactDefinition, Facts } from '#directory/index.ts'
import { expit, makeRandom } from '#numerics/index.ts'
import { learnedFacts } from './columns.ts'
import type { Dataset } from './classic.ts'
import { startFactTable } from './fact-table.ts'

/** A small list of facts, protected ones among them. */
export const someDefinitions: ReadonlyMap<FactCode, FactDefinition> = new Map<FactCode, FactDefinition>([
  ['age', { kind: 'integer', isProtected: true }],
  ['sex', { kind: 'code', values: ['female', 'male', 'other'], isProtected: true }],
  ['born_abroad', { kind: 'yes_no', isProtected: true }],
  ['language_level', { kind: 'level', values: ['none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2'] }],
  ['languages', { kind: 'codes' }],
  ['schooling', { kind: 'level', values: ['none', 'primary', 'lower_secondary', 'upper_secondary', 'degree'] }],
  ['months_unemployed', { kind: 'integer' }],
  ['children', { kind: 'integer' }],
  ['residence_area', { kind: 'code' }],
  ['driving_licence', { kind: 'yes_no' }],
  ['needs', { kind: 'codes', values: ['language', 'skills', 'childcare', 'health'] }],
])

export interface Invented {
  readonly facts: Facts
  readonly taken: string
  readonly working: boolean | null
}

const levels = ['none', 'A1', 'A2', 'B1', 'B2', 'C1', 'C2']
const schooling = ['none', 'primary', 'lower_secondary', 'upper_secondary', 'degree']

/** The true chance of working: language training helps those with little of the language, training everyone a little,
 *  and both the age and a birth abroad matter whatever is taken. */
export function trueChance(facts: Facts, taken: string): number {
  const level = levels.indexOf(String(facts.language_level))
  const months = Number(facts.months_unemployed)
  const base = 0.3 - 0.04 * months + 0.25 * (schooling.indexOf(String(facts.schooling)) - 2)
  const fixed = -0.02 * (Number(facts.age) - 40) - (facts.born_abroad === true ? 0.3 : 0)
  const added = { none: 0, language_training: 0.9 - 0.35 * level, vocational_training: 0.5 }[taken] ?? 0
  return expit(base + fixed + added)
}

/** n episodes of `none`, language_training and vocational_training, chosen partly by level and age. */
export function inventEpisodes(n: number, seed: number, lostTouch = 0): Invented[] {
  const random = makeRandom(seed, 7)
  return Array.from({ length: n }, () => {
    const level = random.below(7)
    const facts: Facts = {
      age: 20 + random.below(45),
      sex: random.uniform() < 0.5 ? 'female' : 'male',
      born_abroad: random.uniform() < 0.6 - 0.08 * level,
      language_level: levels[level]!,
      schooling: schooling[random.below(5)]!,
      months_unemployed: random.below(30),
      children: random.below(4),
      residence_area: ['north', 'south', 'coast'][random.below(3)]!,
      ...(random.uniform() < 0.9 ? { driving_licence: random.uniform() < 0.6 } : {}),
      needs: ['language', 'skills', 'childcare', 'health'].filter(() => random.uniform() < 0.3),
    }
    const wishes = [1, Math.exp(0.8 - 0.4 * level), Math.exp(-0.3 - 0.02 * (Number(facts.age) - 40))]
    let draw = random.uniform() * wishes.reduce((sum, wish) => sum + wish, 0)
    const arm = wishes.findIndex((wish) => (draw -= wish) < 0)
    const taken = ['none', 'language_training', 'vocational_training'][arm]!
    const isLost = random.uniform() < lostTouch * (Number(facts.months_unemployed) > 15 ? 1.6 : 0.4)
    const works = random.uniform() < trueChance(facts, taken)
    return { facts, taken, working: isLost ? null : works }
  })
}

export function datasetOf(episodes: readonly Invented[], definitions = someDefinitions): Dataset {
  const table = startFactTable(learnedFacts(definitions))
  for (const { facts } of episodes) table.add(facts)
  const types = [...new Set(episodes.map(({ taken }) => taken))]
  return {
    types,
    taken: Uint16Array.from(episodes, ({ taken }) => types.indexOf(taken)),
    working: Float64Array.from(episodes, ({ working }) => (working === null ? NaN : Number(working))),
    facts: table.table(),
  }
}
