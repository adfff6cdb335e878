// How many past clients are like this one. The rule, in words: the answers differ by less than those of three in four
// pairs of past clients do. Protected facts take no part. docs/methods/similar-clients.md has the formula.

import { makeRandom } from '#numerics/index.ts'
import type { FactColumn, FactTable } from './fact-table.ts'

/** A fact that takes part. Numbers are compared on their middle nine tenths: `low` to `high`, the 5th and 95th
 *  percentiles; for levels the first and last step, for yes or no 0 and 1. */
export interface ComparedFact extends Omit<FactColumn, 'values'> {
  readonly low: number
  readonly high: number
}

/** Past clients' answers in a compact form: person after person, a number a compared fact, -1 where not known. */
export interface PastAnswers {
  readonly facts: readonly ComparedFact[]
  readonly people: number
  readonly answers: Int32Array
  /** The arm of each person, a place in the model's list of arms. */
  readonly arm: Uint8Array
  /** The difference below which two people are similar. */
  readonly threshold: number
}

/** Numbers are kept in thousandths of their range. */
const steps = 1000
/** Two people of whom fewer facts are known in common cannot be compared. */
const fewestInCommon = 5
const sampledPairs = 20_000

/** Packs the rows whose arm is not negative and sets the threshold at the first quartile of the differences of pairs
 *  drawn by (seed, 0). O(rows · facts). */
export function packAnswers(table: FactTable, armOfRow: (row: number) => number, seed: number): PastAnswers {
  const taking = table.columns.filter(({ definition }) => !definition.isProtected)
  const facts = taking.map(comparedFact)
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter((row) => armOfRow(row) >= 0)
  const answers = new Int32Array(rows.length * facts.length)
  rows.forEach((row, person) =>
    facts.forEach((fact, f) => (answers[person * facts.length + f] = packedAnswer(fact, taking[f]!.values[row]!))),
  )
  const packed = { facts, people: rows.length, answers, arm: Uint8Array.from(rows, armOfRow), threshold: 0 }
  return { ...packed, threshold: firstQuartile(packed, seed) }
}

/** How many similar past clients each arm has. numbers: the client's facts in the order of `past.facts`, NaN where not
 *  known. Length arms. O(people · facts). */
export function countSimilar(past: PastAnswers, numbers: Float64Array, arms: number): Uint32Array {
  const counts = new Uint32Array(arms)
  for (const person of similarTo(past, numbers)) counts[past.arm[person]!]!++
  return counts
}

/** Places of the similar past clients, in their order. numbers: as in `countSimilar`. O(people · facts). */
export function similarTo(past: PastAnswers, numbers: Float64Array): Uint32Array {
  const person = Int32Array.from(past.facts, (fact, f) => packedAnswer(fact, numbers[f]!))
  const found = new Uint32Array(past.people)
  let count = 0
  for (let i = 0; i < past.people; i++) {
    if (difference(past, person, i) <= past.threshold) found[count++] = i
  }
  return found.subarray(0, count)
}

/** Mean difference over the facts known of both (Gower 1971): 0 the same, 1 wholly different. Infinity when fewer than
 *  five facts are known of both. */
function difference({ facts, answers }: PastAnswers, person: Int32Array, other: number): number {
  let sum = 0
  let common = 0
  for (let f = 0; f < facts.length; f++) {
    const a = person[f]!
    const b = answers[other * facts.length + f]!
    if (a < 0 || b < 0) continue
    common++
    const { kind } = facts[f]!.definition
    if (kind === 'codes') sum += a === b ? 0 : 1 - bits(a & b) / bits(a | b)
    else if (kind === 'code') sum += a === b ? 0 : 1
    else sum += Math.abs(a - b) / steps
  }
  return common < fewestInCommon ? Infinity : sum / common
}

function comparedFact({ code, definition, labels, values }: FactColumn): ComparedFact {
  const fact = { code, definition, labels }
  if (definition.kind === 'level') return { ...fact, low: 0, high: Math.max(labels.length - 1, 1) }
  if (definition.kind !== 'integer' && definition.kind !== 'decimal') return { ...fact, low: 0, high: 1 }
  const known = values.filter((value) => !Number.isNaN(value)).sort()
  const at = (share: number) => known[Math.floor(share * (known.length - 1))] ?? 0
  const low = at(0.05)
  return { ...fact, low, high: Math.max(at(0.95), low + 1e-9) }
}

function packedAnswer({ definition, low, high }: ComparedFact, number: number): number {
  if (Number.isNaN(number)) return -1
  if (definition.kind === 'code' || definition.kind === 'codes') return number
  return Math.round(steps * Math.min(Math.max((number - low) / (high - low), 0), 1))
}

function firstQuartile(past: PastAnswers, seed: number): number {
  if (past.people < 2) return 0
  const random = makeRandom(seed, 0)
  const width = past.facts.length
  const found = Float64Array.from({ length: sampledPairs }, () => {
    const one = random.below(past.people)
    const other = (one + 1 + random.below(past.people - 1)) % past.people
    return difference(past, past.answers.subarray(one * width, (one + 1) * width), other)
  }).sort()
  const quartile = found[sampledPairs / 4]!
  return Number.isFinite(quartile) ? quartile : 0
}

function bits(mask: number): number {
  let left = mask
  let count = 0
  for (; left !== 0; left &= left - 1) count++
  return count
}
