// Writes invented episodes with known truth as CSV files:
//   node bench/evidence/simulate.ts --n 20000 --seed 1 --shape bands --out FOLDER [--test 10000] [--missing 0.05] [--outcome employed]
//
// FOLDER/train.csv: what was known, service, outcome. FOLDER/test.csv: other people, with the service they were given.
// FOLDER/truth.csv: for each of them p_<service>, the mean outcome if they got it, and e_<service>, how likely that was.
// People and truth are told in people.ts. Missing answers are likelier for people without a phone (twice --missing); truth
// knows what the files do not. The same seed gives the same test people whatever n.

import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { makeRandom } from '#numerics/index.ts'
import {
  arms,
  assignment,
  chances,
  columns,
  drawPerson,
  drawSites,
  earningsWhenWorking,
  heavyFactor,
  mayBeMissing,
  outcomes,
  pick,
  shapes,
  type OutcomeKind,
  type Person,
  type Shape,
  type Site,
} from './people.ts'

export interface Simulation {
  readonly n: number
  readonly test: number
  readonly seed: number
  readonly shape: Shape
  readonly outcome: OutcomeKind
  readonly missing: number
}

export interface SimulatedRow {
  readonly person: Person
  /** The person's columns as files carry them, '' where not known. */
  readonly cells: readonly (string | number)[]
  /** Place of the service among `arms`. */
  readonly arm: number
  readonly outcome: number
  /** Mean outcome with each service, and how likely each service was. */
  readonly means: readonly number[]
  readonly shares: readonly number[]
}

/** One person after the other, from the stream of `part` (1 train, 2 test). */
export function* simulatedRows(order: Simulation, part: 1 | 2): Generator<SimulatedRow> {
  const sites = drawSites(order.seed)
  const random = makeRandom(order.seed, part)
  // A stream of its own, so that blanking some cells changes nobody.
  const blanks = makeRandom(order.seed, part + 2)
  const rows = part === 1 ? order.n : order.test
  for (let row = 0; row < rows; row++) {
    const { person, site } = drawPerson(random, sites)
    const shares = assignment(person, site)
    const arm = pick(shares, random)
    yield {
      ...{ person, arm, shares },
      ...drawOutcome(person, site, { arm, order, random }),
      cells: columns.map((column) => {
        const share = order.missing * (person.phone ? 1 : 2)
        return mayBeMissing.includes(column) && blanks.uniform() < share ? '' : person[column]
      }),
    }
  }
}

/** Writes the three files and returns their folder. */
export function writeSimulation(folder: string, order: Simulation): string {
  fs.mkdirSync(folder, { recursive: true })
  const train = [[...columns, 'service', order.outcome].join(',')]
  for (const { cells, arm, outcome } of simulatedRows(order, 1)) train.push([...cells, arms[arm], outcome].join(','))
  const test = [[...columns, 'service'].join(',')]
  const truth = [[...arms.map((arm) => `p_${arm}`), ...arms.map((arm) => `e_${arm}`)].join(',')]
  for (const { cells, arm, means, shares } of simulatedRows(order, 2)) {
    test.push([...cells, arms[arm]].join(','))
    truth.push([...means, ...shares].map((value) => value.toFixed(5)).join(','))
  }
  for (const [name, lines] of Object.entries({ train, test, truth })) {
    fs.writeFileSync(path.join(folder, `${name}.csv`), lines.join('\n') + '\n')
  }
  return folder
}

interface Draw {
  readonly arm: number
  readonly order: Simulation
  readonly random: ReturnType<typeof makeRandom>
}

function drawOutcome(person: Person, site: Site, { arm, order, random }: Draw): { outcome: number; means: number[] } {
  const working = chances(person, site, order.shape)
  const works = random.uniform() < working[arm]!
  if (order.outcome === 'employed') return { outcome: Number(works), means: [...working] }
  const earned = earningsWhenWorking(person)
  const outcome = works ? Math.round(earned[arm]! * heavyFactor(random)) : 0
  return { outcome, means: working.map((chance, place) => chance * earned[place]!) }
}

function readOrder(): { folder: string; order: Simulation } {
  const text = { type: 'string' } as const
  const options = { n: text, test: text, seed: text, shape: text, outcome: text, missing: text, out: text }
  const { values } = parseArgs({ options })
  const shape = shapes.find((name) => name === (values.shape ?? 'bands'))
  const outcome = outcomes.find((name) => name === (values.outcome ?? 'employed'))
  if (!shape || !outcome) throw new Error(`--shape is ${shapes.join(' or ')}, --outcome is ${outcomes.join(' or ')}.`)
  const numbers = { n: values.n ?? 20_000, test: values.test ?? 10_000, seed: values.seed ?? 1 }
  const [n, test, seed] = Object.values(numbers).map(Number)
  const missing = Number(values.missing ?? 0.05)
  if (![n, test, seed].every(Number.isInteger) || !(missing >= 0 && missing <= 0.5)) {
    throw new Error('--n, --test and --seed are whole numbers, --missing is a share of at most 0.5.')
  }
  return { folder: values.out ?? 'simulated', order: { n: n!, test: test!, seed: seed!, shape, outcome, missing } }
}

if (import.meta.main) {
  const { folder, order } = readOrder()
  writeSimulation(folder, order)
}
