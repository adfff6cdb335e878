// Rows of a file, a piece at a time, as the columns of a learning table: what is wrong is refused with its reason, the rest is
// kept in the file's order.

import { meaningOf } from './cell-sql.ts'
import { startLevels, settleLevels, type MetLevels, type SettledLevels } from './levels.ts'
import type { Feature, LearningTable } from './learning-table.ts'
import type { FeatureRole } from './roles.ts'

/** One column of a piece of rows. Texts are as they were written: `meaningOf` says which are known. */
export interface Cells<T> {
  getItem(row: number): T | null
}

/** How one feature is read, once its kind is settled. */
export interface FeaturePlan {
  readonly role: FeatureRole
  readonly kind: Feature['kind']
}

export interface CollectOrder {
  /** The most rows there can be. */
  readonly rows: number
  readonly treatment: string
  readonly outcome: string
  readonly arms: readonly string[]
  readonly weight: string | null
  readonly cluster: string | null
  /** Names of the arms' columns, in the order of the arms. */
  readonly propensity: readonly string[] | null
  readonly features: readonly FeaturePlan[]
}

export interface Piece {
  readonly rows: number
  readonly treatment: Cells<string>
  readonly outcome: Cells<number>
  /** The outcome as it is written: tells "not known" from "no number". */
  readonly outcomeText: Cells<string>
  readonly weight: Cells<number> | null
  readonly weightText: Cells<string> | null
  readonly cluster: Cells<string> | null
  readonly propensity: readonly Cells<number>[] | null
  /** Text for categories and ordered features, numbers for numbers. */
  readonly numbers: readonly (Cells<number> | null)[]
  readonly texts: readonly (Cells<string> | null)[]
}

/** What is wrong with a row of a piece; the first thing only. */
export interface WrongRow {
  readonly row: number
  readonly column: string
  readonly reason: string
}

export interface Collected {
  readonly table: LearningTable
  /** By feature; null for numbers and ordered ones. */
  readonly levels: readonly (SettledLevels | null)[]
  /** The outcome is yes or no in words in some rows, and a number beyond 1 and 0 in others. */
  readonly isMixed: boolean
}

/** Chances of a row may sum to one but for rounding in the file. */
const propensityTolerance = 1e-3

/** A piece is at most this long. */
export const longestPiece = 65_536

interface Growing {
  readonly values: Float64Array
  /** This piece's values, before wrong rows are left out. */
  readonly fresh: Float64Array
}

export function startCollecting(order: CollectOrder): {
  readonly take: (piece: Piece) => readonly WrongRow[]
  readonly end: () => Collected
} {
  const { rows: most, arms, features } = order
  const armPlaces = new Map(arms.map((arm, place) => [arm, place]))
  const growing = (): Growing => ({ values: new Float64Array(most), fresh: new Float64Array(longestPiece) })
  const arm = growing()
  const outcome = growing()
  const weight = order.weight === null ? null : growing()
  const cluster = order.cluster === null ? null : startClusters(growing())
  const propensity = order.propensity?.map(growing) ?? []
  const columns = features.map((plan) => startFeature(plan, growing()))
  const all = [arm, outcome, ...(weight ? [weight] : []), ...(cluster ? [cluster.growing] : []), ...propensity]
  const everything = [...all, ...columns.map((column) => column.growing)]
  let kept = 0
  let isInWords = false

  return {
    take(piece) {
      const wrong = startWrong(piece.rows)
      readArms(piece, armPlaces, arm.fresh, (row) => wrong.add(row, order.treatment, 'is empty'))
      if (readOutcome(piece, outcome.fresh, (row, reason) => wrong.add(row, order.outcome, reason))) isInWords = true
      if (weight) readWeights(piece, weight.fresh, (row, reason) => wrong.add(row, order.weight!, reason))
      cluster?.read(piece)
      readPropensity(piece, { columns: propensity, arms: arm.fresh }, (row, k, reason) =>
        wrong.add(row, order.propensity![k]!, reason),
      )
      columns.forEach((column, j) => {
        column.read(piece, j, (row, reason) => wrong.add(row, column.name, reason))
      })
      const rows = wrong.kept()
      for (const { values, fresh } of everything) append(values, kept, fresh, rows)
      kept += rows.length
      return wrong.list()
    },
    end() {
      const settled = columns.map((column) => column.settle(kept))
      const known = outcome.values.subarray(0, kept)
      const table: LearningTable = {
        rows: kept,
        features: settled.map(({ feature }) => feature),
        treatment: order.treatment,
        arms,
        arm: Uint8Array.from(arm.values.subarray(0, kept)),
        outcome: { name: order.outcome, kind: isYesNo(known) ? 'yes_no' : 'number', values: known },
        weight: weight?.values.subarray(0, kept) ?? null,
        cluster: cluster?.settle(order.cluster!, kept) ?? null,
        knownPropensity: order.propensity ? sideBySide(propensity, kept) : null,
        span: null,
        provider: null,
      }
      const isMixed = isInWords && table.outcome.kind === 'number'
      return { table, levels: settled.map(({ levels }) => levels), isMixed }
    },
  }
}

type Refuse = (row: number, reason: string) => void

function startFeature({ role, kind }: FeaturePlan, growing: Growing) {
  const { name, isProtected } = role
  const met = startLevels()
  const steps = new Map(role.levels.map((level, place) => [level, place]))
  return {
    name,
    growing,
    read(piece: Piece, j: number, refuse: Refuse) {
      if (kind === 'number') readNumbers(piece.numbers[j]!, piece.rows, growing.fresh, refuse)
      else if (kind === 'ordered') readSteps(piece.texts[j]!, piece.rows, { steps, into: growing.fresh, refuse })
      else readLabels(piece.texts[j]!, piece.rows, met, growing.fresh)
    },
    settle(kept: number): { feature: Feature; levels: SettledLevels | null } {
      const values = growing.values.subarray(0, kept)
      const levels = kind === 'category' ? settleLevels(met, values) : null
      return { feature: { name, kind, isProtected, levels: levels?.levels ?? role.levels, values }, levels }
    },
  }
}

function readArms(
  piece: Piece,
  places: ReadonlyMap<string, number>,
  into: Float64Array,
  refuse: (row: number) => void,
) {
  for (let row = 0; row < piece.rows; row++) {
    const written = piece.treatment.getItem(row)
    const place = places.get(written ?? '') ?? places.get(meaningOf(written) ?? '')
    if (place === undefined) refuse(row)
    into[row] = place ?? 0
  }
}

/** What people write for 1 and 0 in an outcome, whatever the case of its letters. */
const answers: ReadonlyMap<string, number> = new Map([
  ...(['yes', 'true'] as const).map((word) => [word, 1] as const),
  ...(['no', 'false'] as const).map((word) => [word, 0] as const),
])

/** Returns whether any row answers in words. */
function readOutcome(piece: Piece, into: Float64Array, refuse: Refuse): boolean {
  let isInWords = false
  for (let row = 0; row < piece.rows; row++) {
    const value = piece.outcome.getItem(row) ?? NaN
    into[row] = value
    if (Number.isFinite(value)) continue
    const said = meaningOf(piece.outcomeText.getItem(row))
    if (said === null) continue
    const answer = answers.get(said.toLowerCase())
    if (answer === undefined)
      refuse(row, Number.isNaN(value) ? `${shown(said)} is no number, nor yes or no` : 'is infinite')
    else {
      into[row] = answer
      isInWords = true
    }
  }
  return isInWords
}

function readWeights(piece: Piece, into: Float64Array, refuse: Refuse) {
  for (let row = 0; row < piece.rows; row++) {
    const value = piece.weight!.getItem(row) ?? NaN
    into[row] = value
    if (value >= 0 && value < Infinity) continue
    const said = meaningOf(piece.weightText!.getItem(row))
    refuse(row, value < 0 ? `${value} is below zero` : said === null ? 'is empty' : `${shown(said)} is no number`)
  }
}

/** A chance of 0 says that the row could not get the arm: lawful in a design, but not where the row took it. */
function readPropensity(
  piece: Piece,
  { columns, arms }: { columns: readonly Growing[]; arms: Float64Array },
  refuse: (row: number, arm: number, reason: string) => void,
) {
  if (!piece.propensity) return
  for (let row = 0; row < piece.rows; row++) {
    let sum = 0
    for (let k = 0; k < columns.length; k++) {
      const chance = piece.propensity[k]!.getItem(row) ?? NaN
      columns[k]!.fresh[row] = chance
      sum += chance
      if (!(chance >= 0 && chance <= 1))
        refuse(row, k, `${Number.isNaN(chance) ? 'nothing' : chance} is no chance from 0 to 1`)
      else if (chance === 0 && arms[row] === k) refuse(row, k, 'is 0, and this row took it')
    }
    if (Math.abs(sum - 1) > propensityTolerance) refuse(row, 0, `the chances of the arms sum to ${sum}, not to 1`)
    for (const { fresh } of columns) fresh[row]! /= sum
  }
}

function readNumbers(cells: Cells<number>, rows: number, into: Float64Array, refuse: Refuse) {
  for (let row = 0; row < rows; row++) {
    const value = cells.getItem(row) ?? NaN
    if (value === Infinity || value === -Infinity) refuse(row, 'is infinite')
    into[row] = value
  }
}

function readSteps(
  cells: Cells<string>,
  rows: number,
  { steps, into, refuse }: { steps: ReadonlyMap<string, number>; into: Float64Array; refuse: Refuse },
) {
  for (let row = 0; row < rows; row++) {
    const said = meaningOf(cells.getItem(row))
    const step = said === null ? NaN : steps.get(said)
    if (step === undefined) refuse(row, `${shown(said ?? '')} is none of its levels`)
    into[row] = step ?? NaN
  }
}

function readLabels(cells: Cells<string>, rows: number, met: MetLevels, into: Float64Array) {
  for (let row = 0; row < rows; row++) {
    const written = cells.getItem(row)
    into[row] = written === null ? NaN : met.placeOf(written)
  }
}

function startClusters(growing: Growing) {
  const places = new Map<string, number>()
  return {
    growing,
    read(piece: Piece) {
      for (let row = 0; row < piece.rows; row++) {
        const said = meaningOf(piece.cluster!.getItem(row))
        if (said !== null && !places.has(said)) places.set(said, places.size)
        growing.fresh[row] = said === null ? NaN : places.get(said)!
      }
    },
    /** Places anew without gaps, in the order in which kept rows name them; a row without a cluster gets its own. */
    settle(name: string, kept: number) {
      const anew = new Int32Array(places.size).fill(-1)
      let count = 0
      const of = Int32Array.from(growing.values.subarray(0, kept), (place) => {
        if (Number.isNaN(place)) return count++
        if (anew[place] === -1) anew[place] = count++
        return anew[place]!
      })
      return { name, places: of, count }
    },
  }
}

function startWrong(rows: number) {
  const isWrong = new Uint8Array(rows)
  const found: WrongRow[] = []
  return {
    add(row: number, column: string, reason: string) {
      if (isWrong[row]) return
      isWrong[row] = 1
      found.push({ row, column, reason })
    },
    list: () => found.sort((a, b) => a.row - b.row),
    kept() {
      const places = new Uint32Array(rows - found.length)
      for (let row = 0, at = 0; row < rows; row++) if (!isWrong[row]) places[at++] = row
      return places
    },
  }
}

function append(values: Float64Array, at: number, fresh: Float64Array, rows: Uint32Array) {
  for (let i = 0; i < rows.length; i++) values[at + i] = fresh[rows[i]!]!
}

function sideBySide(columns: readonly Growing[], kept: number): Float64Array {
  const matrix = new Float64Array(columns.length * kept)
  columns.forEach(({ values }, k) => matrix.set(values.subarray(0, kept), k * kept))
  return matrix
}

function isYesNo(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1 || Number.isNaN(value))
}

/** What was typed, short enough for a line of the report. */
function shown(said: string): string {
  return `“${said.slice(0, 40)}”`
}
