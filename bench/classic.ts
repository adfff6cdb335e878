// The classic estimator's choice against as-is, random and the best single service type, in true outcomes: on the
// simulator's records and on the demonstration's, whose truth is known.

import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { assignment, chances, demoArms, drawArm } from '#demo/truth.ts'
import { drawFacts } from '#demo/people.ts'
import { facts as definitions, type FactCode, type FactDefinition, type Facts } from '#directory/index.ts'
import { estimateChances, fitClassic, learnedFacts, plainChances, startFactTable } from '#evidence/index.ts'
import type { ClassicModel, Dataset } from '#evidence/index.ts'
import { vocabulary } from '#evidence/import-episodes.run.ts'
import { readEpisode, readMapping, type Mapping, type Row } from '#evidence/mapping.ts'
import { makeRandom } from '#numerics/index.ts'

/** Someone whose truth is known: the chance of working with each arm, and how likely advisers were to choose it. */
export interface KnownPerson {
  readonly facts: Facts
  readonly chances: readonly number[]
  readonly assigned: readonly number[]
}

interface PastPerson {
  readonly facts: Facts
  readonly taken: string
  readonly working: boolean | null
}

/** Working a year later, of a hundred people, if everyone gets what each rule chooses. `gain`: the way from as-is to
 *  the oracle that the estimator goes, in percent. `error`: root mean square error of its effects, in people of a hundred. */
export interface Comparison {
  readonly asIs: number
  readonly random: number
  readonly bestSingle: number
  readonly classic: number
  readonly oracle: number
  readonly gain: number
  readonly error: number
}

export async function measureClassic(): Promise<Record<string, unknown>> {
  return { ...measureSimulated(), ...measureDemonstration() }
}

/** Everyone gets the arm with the largest estimated chance; an arm without an estimate is never chosen. */
export function compareChoices(
  people: readonly KnownPerson[],
  arms: readonly string[],
  model: ClassicModel,
): Comparison {
  const places = model.arms.map((arm) => arms.indexOf(arm))
  const single = arms.map((_, arm) => mean(people.map((person) => person.chances[arm]!)))
  let squared = 0
  const chosen = people.map((person) => {
    const estimated = plainChances(model, person.facts)
    let best = 0
    for (let k = 1; k < estimated.length; k++) {
      if (estimated[k]! > estimated[best]!) best = k
      const truth = person.chances[places[k]!]! - person.chances[places[0]!]!
      squared += (estimated[k]! - estimated[0]! - truth) ** 2 / (estimated.length - 1)
    }
    return person.chances[places[best]!]!
  })
  const asIs = mean(people.map((person) => sum(person.chances.map((chance, arm) => chance * person.assigned[arm]!))))
  const oracle = mean(people.map((person) => Math.max(...person.chances)))
  return {
    asIs: 100 * asIs,
    random: 100 * mean(single),
    bestSingle: 100 * Math.max(...single),
    classic: 100 * mean(chosen),
    oracle: 100 * oracle,
    gain: (100 * (mean(chosen) - asIs)) / (oracle - asIs),
    error: 100 * Math.sqrt(squared / people.length),
  }
}

/** Share of true individual effects inside the 95 % interval, and its mean width in people of a hundred. */
export function intervalCoverage(people: readonly KnownPerson[], arms: readonly string[], model: ClassicModel) {
  const found = people.flatMap((person) =>
    estimateChances(model, person.facts).map(({ type, low, high }) => {
      const truth = person.chances[arms.indexOf(type)]! - person.chances[arms.indexOf('none')]!
      return { isInside: low <= truth && truth <= high, width: high - low }
    }),
  )
  return {
    covered: (100 * found.filter(({ isInside }) => isInside).length) / found.length,
    width: 100 * mean(found.map(({ width }) => width)),
  }
}

/** Fitted as the product does, or with other rules for comparison. */
export function fitOn(
  past: readonly PastPerson[],
  arms: readonly string[],
  how: { draws?: number; shrinkage?: 'pooled' | 'zero'; ranksByProtected?: boolean } = {},
): ClassicModel {
  const known = Object.entries(definitions).map(([code, definition]): [FactCode, FactDefinition] => [
    code as FactCode,
    how.ranksByProtected ? { ...definition, isProtected: undefined } : definition,
  ])
  const table = startFactTable(learnedFacts(known))
  for (const { facts } of past) table.add(facts)
  const dataset: Dataset = {
    types: arms,
    taken: Uint16Array.from(past, ({ taken }) => arms.indexOf(taken)),
    working: Float64Array.from(past, ({ working }) => (working === null ? NaN : Number(working))),
    facts: table.table(),
  }
  return fitClassic(dataset, { seed: 1, draws: how.draws ?? 0, shrinkage: how.shrinkage ?? 'pooled' })
}

const reference = fileURLToPath(new URL('../../shared/reference/simulate.mjs', import.meta.url))
const simulatedArms = {
  ...{
    none: 'none',
    job_search: 'job_search_support',
    classroom: 'vocational_training',
    on_the_job: 'work_experience',
  },
  ...{ wage_subsidy: 'wage_subsidy', language: 'language_training', public_works: 'other' },
}

function measureSimulated(): Record<string, unknown> {
  if (!fs.existsSync(reference)) return { simulated: 'skipped: there is no ../shared/reference beside the project' }
  const figures: Record<string, unknown> = {}
  const all: Record<string, Comparison[]> = { classic: [], 'each alone': [], 'protected too': [] }
  for (const seed of [1, 2, 3, 4, 5]) {
    const { past, people, arms } = simulate(seed)
    const model = fitOn(past, arms, { draws: seed === 1 ? 200 : 0 })
    all['classic']!.push(compareChoices(people, arms, model))
    all['each alone']!.push(compareChoices(people, arms, fitOn(past, arms, { shrinkage: 'zero' })))
    all['protected too']!.push(compareChoices(people, arms, fitOn(past, arms, { ranksByProtected: true })))
    if (seed === 1) figures['simulated, 95 % intervals'] = rounded(intervalCoverage(people.slice(0, 1000), arms, model))
    figures[`simulated, seed ${seed}`] = rounded(all['classic']!.at(-1)!)
  }
  for (const [name, list] of Object.entries(all)) figures[`simulated, ${name}, mean of 5`] = rounded(meanOf(list))
  return figures
}

function simulate(seed: number): { past: PastPerson[]; people: KnownPerson[]; arms: string[] } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-simulated-'))
  try {
    const order = ['--n', '20000', '--dgp', 'smooth', '--seed', String(seed), '--out', folder]
    const done = spawnSync(process.execPath, [reference, ...order], { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`simulate.mjs failed: ${done.stderr}`)
    const json: unknown = JSON.parse(fs.readFileSync(new URL('simulate.mapping.json', import.meta.url), 'utf8'))
    const mapping = readMapping(json, vocabulary)
    if (!mapping.ok) throw new Error(mapping.problem)
    const read = (name: string): Row[] => parse(fs.readFileSync(path.join(folder, name)), { columns: true })
    const past = read('train.csv').map((row) => {
      const { facts, taken, workingAt365 } = episodeOf(row, mapping.value)
      return { facts, taken, working: workingAt365 }
    })
    const truth = read('truth.csv')
    const names = Object.keys(simulatedArms)
    const people = read('test.csv').map((row, i) => ({
      facts: episodeOf({ ...row, employed12m: '' }, mapping.value).facts,
      chances: names.map((name) => Number(truth[i]![`p_${name}`])),
      assigned: names.map((name) => Number(truth[i]![`e_${name}`])),
    }))
    return { past, people, arms: Object.values(simulatedArms) }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function episodeOf(row: Row, mapping: Mapping) {
  const read = readEpisode(row, mapping, vocabulary)
  if (!read.ok) throw new Error(`${read.problem.column}: ${read.problem.reason}`)
  return read.value
}

/** Six thousand past episodes of the demonstration's stated model, and four thousand new people whose chances are known. */
export function drawDemonstration(): { past: PastPerson[]; people: KnownPerson[] } {
  const random = makeRandom(1, 2)
  const past = Array.from({ length: 6000 }, (): PastPerson => {
    const facts = drawFacts(random)
    const taken = drawArm(facts, random)
    const working = random.uniform() < (chances(facts)[demoArms.indexOf(taken)] ?? 0)
    return { facts, taken, working: random.uniform() < 0.06 ? null : working }
  })
  const fresh = makeRandom(2, 2)
  const people = Array.from({ length: 4000 }, (): KnownPerson => {
    const facts = drawFacts(fresh)
    return { facts, chances: chances(facts), assigned: assignment(facts) }
  })
  return { past, people }
}

function measureDemonstration(): Record<string, unknown> {
  const { past, people } = drawDemonstration()
  const started = performance.now()
  const model = fitOn(past, demoArms, { draws: 200 })
  const seconds = (performance.now() - started) / 1000
  const share = (how: Parameters<typeof fitOn>[2]) => compareChoices(people, demoArms, fitOn(past, demoArms, how))
  return {
    demonstration: rounded(compareChoices(people, demoArms, model)),
    'demonstration, each alone': rounded(share({ shrinkage: 'zero' })),
    'demonstration, protected too': rounded(share({ ranksByProtected: true })),
    'demonstration, 95 % intervals': rounded(intervalCoverage(people.slice(0, 1000), demoArms, model)),
    'demonstration, fit with 200 draws, seconds': seconds,
  }
}

function meanOf(list: readonly Comparison[]): Comparison {
  const [first] = list
  if (!first) throw new Error('There is nothing to average.')
  const names = Object.keys(first) as (keyof Comparison)[]
  return Object.fromEntries(names.map((name) => [name, mean(list.map((one) => one[name]))])) as unknown as Comparison
}

function rounded(figures: object): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(10 * Number(value)) / 10]))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
