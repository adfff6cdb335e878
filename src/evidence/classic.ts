// The classic estimator: its whole fit with the bootstrap, packed so that a client's chances are a few dot products.
// Every later model must beat it. docs/methods/classic-estimator.md says what it estimates and what it cannot.

import { bootstrapCounts, makeRandom, shuffled } from '#numerics/index.ts'
import { armCoefficients, fitClassicOnce, type ClassicData, type ClassicFit, type Shrinkage } from './classic-fit.ts'
import { designCells, planColumns, type DesignColumn } from './columns.ts'
import { hasEnough, noService, type ArmCount } from './episode.ts'
import type { FactColumn, FactTable } from './fact-table.ts'
import { packAnswers, type PastAnswers } from './similar.ts'

/** Past episodes as columns. taken: places in `types`; working: 1, 0, NaN where not known. */
export interface Dataset {
  readonly types: readonly string[]
  readonly taken: Uint16Array
  readonly working: Float64Array
  readonly facts: FactTable
}

/** What an estimate needs. `numbers` holds a block of `blockLength` for the plain fit, then one a bootstrap draw: a mean
 *  a ranking column, then an arm's intercept, slopes in the facts' own units and its protected points. */
export interface ClassicModel {
  readonly kind: 'classic'
  /** Types with an estimate, `none` first. Empty when there are too few episodes. */
  readonly arms: readonly string[]
  readonly facts: readonly Omit<FactColumn, 'values'>[]
  /** The columns that rank; protected ones live in the points alone. */
  readonly columns: readonly DesignColumn[]
  readonly points: number
  readonly draws: number
  readonly numbers: Float32Array
  readonly past: PastAnswers
  readonly card: ClassicCard
}

/** What the fit says of itself. Losses are weighted means of the log loss on held-out episodes. */
export interface ClassicCard {
  readonly episodes: number
  readonly counts: readonly ArmCount[]
  readonly seed: number
  readonly draws: number
  readonly shrinkage: Shrinkage | null
  readonly sharedPenalty: number | null
  readonly ownPenalty: number | null
  readonly heldOutLoss: number | null
  readonly plainLoss: number | null
  readonly rankingColumns: readonly string[]
  readonly protectedColumns: readonly string[]
}

export interface ClassicOptions {
  readonly seed: number
  /** Bootstrap draws; 200 leaves five beyond each end of a 95 % interval. */
  readonly draws: number
  /** `pooled` by default; the benchmark measures `zero` beside it. */
  readonly shrinkage?: Shrinkage
  readonly onDraw?: (done: number) => void
}

const folds = 5
/** Equal parts into which the protected facts' contributions are cut; the mean of each part stands for it. */
const protectedPoints = 16

export function blockLength(model: Pick<ClassicModel, 'arms' | 'columns' | 'points'>): number {
  return model.columns.length + model.arms.length * (1 + model.columns.length + model.points)
}

/** Fits on all episodes of arms with enough known outcomes. The same dataset and seed give the same model; each draw
 *  has its own stream (seed, draw). */
export function fitClassic(dataset: Dataset, options: ClassicOptions): ClassicModel {
  const counts = countArms(dataset)
  return fitArmsOf(dataset, { arms: armsWithEnough(counts), counts }, options)
}

/** The same of those alone who took one type, leaning on nobody else; without an estimate where too few outcomes are known. */
export function fitOneArm(dataset: Dataset, type: string, options: Omit<ClassicOptions, 'shrinkage'>): ClassicModel {
  const counts = countArms(dataset)
  const arms = counts.filter((arm) => arm.type === type && hasEnough(arm)).map((arm) => arm.type)
  return fitArmsOf(dataset, { arms, counts }, { ...options, shrinkage: 'zero' })
}

function fitArmsOf(
  dataset: Dataset,
  { arms, counts }: { readonly arms: readonly string[]; readonly counts: readonly ArmCount[] },
  options: ClassicOptions,
): ClassicModel {
  const armOfType = dataset.types.map((type) => arms.indexOf(type))
  const armOf = (row: number) => armOfType[dataset.taken[row]!]!
  const facts = dataset.facts.columns.map(({ code, definition, labels }) => ({ code, definition, labels }))
  const hasOutcome = (row: number) => !Number.isNaN(dataset.working[row]!)
  const past = packAnswers(dataset.facts, (row) => (hasOutcome(row) ? armOf(row) : -1), options.seed)
  const base = { kind: 'classic' as const, arms, facts, past }
  if (arms.length === 0) {
    const card = cardOf(dataset, { counts, options: { ...options, draws: 0 }, columns: [], fit: null })
    return { ...base, columns: [], points: 0, draws: 0, numbers: new Float32Array(0), card }
  }
  const columns = planColumns(dataset.facts)
  const data = arrange(dataset, columns, { arms: arms.length, armOf, seed: options.seed })
  const shrinkage = options.shrinkage ?? 'pooled'
  const fit = fitClassicOnce(data, new Float64Array(data.rows).fill(1), { shrinkage, start: null, pull: null })
  const ranking = columns.filter((column) => !column.isProtected)
  const points = ranking.length === columns.length ? 1 : protectedPoints
  const model = { ...base, columns: ranking, points, draws: options.draws }
  const length = blockLength(model)
  const numbers = new Float32Array(length * (options.draws + 1))
  packFit(data, fit, { model, weight: null, into: numbers.subarray(0, length) })
  for (let draw = 1; draw <= options.draws; draw++) {
    const random = makeRandom(options.seed, draw)
    const weight = bootstrapCounts(data.rows, random)
    // Shrinking hides how much arms may differ; pulling each draw elsewhere lets the interval show it.
    const pull = Float64Array.from({ length: data.arms * data.columns }, random.normal)
    const drawn = fitClassicOnce(data, weight, { shrinkage, start: fit, pull })
    packFit(data, drawn, { model, weight, into: numbers.subarray(draw * length, (draw + 1) * length) })
    options.onDraw?.(draw)
  }
  return { ...model, numbers, card: cardOf(dataset, { counts, options, columns, fit }) }
}

/** How many took each type, in the order of the types. */
export function countArms({ types, taken, working }: Dataset): ArmCount[] {
  const counts = types.map((type) => ({ type, episodes: 0, known: 0, working: 0 }))
  taken.forEach((place, row) => {
    const count = counts[place]!
    count.episodes++
    if (Number.isNaN(working[row]!)) return
    count.known++
    count.working += working[row]!
  })
  return counts
}

/** `none` first, then the types with enough; nothing when `none` itself has too few, or nothing stands beside it. */
function armsWithEnough(counts: readonly ArmCount[]): string[] {
  const types = counts.filter(hasEnough).map(({ type }) => type)
  const others = types.filter((type) => type !== noService)
  return types.length > others.length && others.length > 0 ? [noService, ...others] : []
}

/** Rows of the arms taken up, sorted by fold, then arm; folds are dealt out arm by arm in an order by chance. */
export function arrange(
  dataset: Dataset,
  columns: readonly DesignColumn[],
  { arms, armOf, seed }: { arms: number; armOf: (row: number) => number; seed: number },
): ClassicData {
  const dealt = new Uint32Array(arms)
  const placed = Array.from(shuffled(dataset.taken.length, makeRandom(seed, 0)), (row) => ({ row, arm: armOf(row) }))
    .filter(({ arm }) => arm >= 0)
    .map(({ row, arm }) => ({ row, arm, fold: dealt[arm]!++ % folds }))
    .sort((a, b) => a.fold - b.fold || a.arm - b.arm)
  const every = designCells(dataset.facts, columns)
  const rows = placed.length
  const cells = new Float64Array(rows * columns.length)
  for (let j = 0; j < columns.length; j++) {
    placed.forEach(({ row }, i) => (cells[j * rows + i] = every[j * dataset.taken.length + row]!))
  }
  return {
    rows,
    columns: columns.length,
    arms,
    folds,
    cells,
    arm: Uint16Array.from(placed, ({ arm }) => arm),
    fold: Uint8Array.from(placed, ({ fold }) => fold),
    working: Float64Array.from(placed, ({ row }) => dataset.working[row]!),
  }
}

interface Packing {
  readonly model: Pick<ClassicModel, 'arms' | 'columns' | 'points'>
  /** How often each row was drawn; null: once each. */
  readonly weight: Float64Array | null
  readonly into: Float32Array
}

/** Writes one block: slopes in the facts' own units (so a client needs no scaling), the means that stand in for what is
 *  not known, and the protected columns' contribution to the log odds among these rows as equal parts' means. */
function packFit(data: ClassicData, fit: ClassicFit, { model, weight, into }: Packing): void {
  const ranking = model.columns.length
  const { mean, deviation } = fit.scaling
  for (let j = 0; j < ranking; j++) into[j] = mean[j]!
  let at = ranking
  for (let arm = 0; arm < model.arms.length; arm++) {
    const b = armCoefficients(fit, arm)
    let intercept = b[0]!
    for (let j = 0; j < ranking; j++) {
      const slope = b[1 + j]! / deviation[j]!
      intercept -= slope * mean[j]!
      into[at + 1 + j] = slope
    }
    into[at] = intercept
    at += 1 + ranking
    into.set(protectedParts(data, fit, { b, ranking, points: model.points, weight }), at)
    at += model.points
  }
}

function protectedParts(
  data: ClassicData,
  { scaling: { mean, deviation } }: ClassicFit,
  { b, ranking, points, weight }: { b: Float64Array; ranking: number; points: number; weight: Float64Array | null },
): Float64Array {
  const contribution = new Float64Array(data.rows)
  for (let j = ranking; j < data.columns; j++) {
    const slope = b[1 + j]! / deviation[j]!
    for (let i = 0; i < data.rows; i++) {
      const cell = data.cells[j * data.rows + i]!
      if (!Number.isNaN(cell)) contribution[i]! += slope * (cell - mean[j]!)
    }
  }
  const drawn = weight ? repeated(contribution, weight) : contribution
  drawn.sort()
  return Float64Array.from({ length: points }, (_, point) => {
    const from = Math.floor((point * drawn.length) / points)
    const to = Math.max(Math.floor(((point + 1) * drawn.length) / points), from + 1)
    let sum = 0
    for (let i = from; i < to; i++) sum += drawn[i]!
    return sum / (to - from)
  })
}

function repeated(values: Float64Array, counts: Float64Array): Float64Array {
  const drawn = new Float64Array(values.length)
  let at = 0
  for (let i = 0; i < values.length; i++) for (let times = counts[i]!; times > 0; times--) drawn[at++] = values[i]!
  return drawn
}

function cardOf(
  dataset: Dataset,
  made: {
    counts: readonly ArmCount[]
    options: ClassicOptions
    columns: readonly DesignColumn[]
    fit: ClassicFit | null
  },
): ClassicCard {
  const { counts, options, columns, fit } = made
  const nameOf = ({ code, part, label }: DesignColumn) => (part === 'value' ? code : `${code}: ${label ?? part}`)
  return {
    episodes: dataset.taken.length,
    counts,
    seed: options.seed,
    draws: options.draws,
    shrinkage: fit?.shrinkage ?? null,
    sharedPenalty: fit?.sharedPenalty ?? null,
    ownPenalty: fit?.ownPenalty ?? null,
    heldOutLoss: fit?.heldOutLoss ?? null,
    plainLoss: fit?.plainLoss ?? null,
    rankingColumns: columns.filter((column) => !column.isProtected).map(nameOf),
    protectedColumns: columns.filter((column) => column.isProtected).map(nameOf),
  }
}
