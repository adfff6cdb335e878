// A file of past episodes, described by its roles, as a learning table and a report of what was read and what was not.

import { ok, refused, type Result } from '#platform/result.ts'
import {
  columnAt,
  countNumbersSql,
  isDate,
  isDecimalComma,
  isOddSql,
  meaningOf,
  numberSql,
  textSql,
} from './cell-sql.ts'
import { numbersAt, textsAt } from './chunk.run.ts'
import { startCollecting, type CollectOrder, type FeaturePlan, type Piece, type WrongRow } from './collect.ts'
import { reportOf, type LearningReport } from './learning-report.ts'
import type { LearningTable } from './learning-table.ts'
import { listed, mostRefusalsShown, problem, type DatasetProblem, type RefusedRow } from './problem.ts'
import { assignRoles, inOrder, orderArms, type AssignedRoles, type Roles } from './roles.ts'
import { openSource, problemOf, type Source, type SourceOptions } from './source.run.ts'

export interface LearningFileOptions extends Omit<SourceOptions, 'onChecked'> {
  /** The share of the work that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void
}

export interface LearningFile {
  readonly table: LearningTable
  readonly report: LearningReport
}

/** Of the whole reading: the check of the lines, and the look at every column. */
const checkShare = 0.15
const lookShare = 0.35

/**
 * Reads a .csv, .csv.gz or .parquet file by its roles; the rows keep the file's order. CSV cells are text: a feature whose
 * known cells are all numbers is a number, any other is a category (empty, NA, NaN and null are not known). Wrong rows are
 * left out and told; a file that cannot be understood is refused with one sentence. Reads the file three times, streaming:
 * memory is that of the table (8 bytes a cell) and DuckDB's own limit.
 */
export async function readLearningFile(
  file: string,
  roles: Roles,
  { onProgress, ...options }: LearningFileOptions = {},
): Promise<Result<LearningFile, DatasetProblem>> {
  const source = await openSource(file, { ...options, onChecked: (share) => onProgress?.(share * checkShare) })
  if (!source.ok) return source
  try {
    return await readSource(source.value, roles, onProgress)
  } catch (error) {
    return refused(problemOf(error))
  } finally {
    source.value.close()
  }
}

async function readSource(
  source: Source,
  roles: Roles,
  onProgress?: (share: number) => void,
): Promise<Result<LearningFile, DatasetProblem>> {
  const assigned = assignRoles(source.columns, roles)
  if (!assigned.ok) return assigned
  if (source.rows === 0) return refused(noRow(source, []))
  const look = await lookAtFeatures(source, assigned.value)
  if (look.rows !== source.rows) {
    const sentence = `The file cannot be read: its lines hold ${source.rows} rows, of which ${look.rows} were understood.`
    return refused(problem('unreadable', sentence))
  }
  const found = await treatmentsOf(source, assigned.value)
  const arms = orderArms(found, roles, assigned.value.propensity)
  if (!arms.ok) return arms
  onProgress?.(lookShare)
  const { propensity, features } = assigned.value
  const order: CollectOrder = {
    rows: source.rows,
    treatment: roles.treatment,
    outcome: roles.outcome,
    arms: arms.value,
    weight: roles.weights ?? null,
    cluster: roles.cluster ?? null,
    propensity: propensity && arms.value.map((arm) => source.columns[propensity.get(arm)!]!.name),
    features: features.map((role, j): FeaturePlan => {
      if (role.as !== 'read') return { role, kind: role.as }
      return { role, kind: look.columns[j]!.isNumber ? 'number' : 'category' }
    }),
  }
  const { collected, rows, count } = await collect(source, assigned.value, order, onProgress)
  const wrongRows = source.wrong.map(({ line, cells }): RefusedRow => {
    return { place: line, column: '', reason: `has ${cells} cells where the header has ${source.columns.length}` }
  })
  const shown = [...wrongRows, ...rows].sort((a, b) => a.place - b.place).slice(0, mostRefusalsShown)
  const fault =
    faultOf(collected.table, () => noRow(source, shown)) ?? (collected.isMixed ? mixed(roles.outcome) : null)
  if (fault) return refused(fault)
  const report = reportOf(collected.table, {
    refusals: { count: source.wrongCount + count, shown },
    countedIn: source.countedIn,
    levels: collected.levels,
    oddities: look.columns.flatMap(({ name, odd, numbers, example }, j) =>
      features[j]!.as === 'read' && odd > 0 && (numbers > 0 || isDecimalComma(example) || isDate(example))
        ? [{ name, odd, known: numbers + odd, example }]
        : [],
    ),
  })
  return ok({ table: collected.table, report })
}

interface LookedAt {
  readonly name: string
  readonly isNumber: boolean
  readonly numbers: number
  /** Known cells of a text column that are no numbers, and one of them. */
  readonly odd: number
  readonly example: string
}

/** Counts, over all rows, what decides between number and category: nothing is judged by a sample. */
async function lookAtFeatures(source: Source, { features }: AssignedRoles) {
  const expressions = features.flatMap(({ place }) => {
    if (source.columns[place]!.kind !== 'text') return ['0::DOUBLE', '0::DOUBLE', `''`]
    const column = columnAt(place)
    const odd = isOddSql(column)
    const example = `left(coalesce(min(CASE WHEN ${odd} THEN ${column} END), ''), 40)`
    return [countNumbersSql(column), `count_if(${odd})::DOUBLE`, example]
  })
  for await (const chunk of source.chunks(['count(*)::DOUBLE', ...expressions])) {
    const number = (at: number) => numbersAt(chunk, at).getItem(0) ?? 0
    const columns = features.map(({ name, place }, j): LookedAt => {
      const [numbers, odd] = [number(1 + 3 * j), number(2 + 3 * j)]
      // A Parquet file says itself what is text.
      const isNumber = source.columns[place]!.kind !== 'text' || (source.countedIn === 'line' && odd === 0)
      return {
        name,
        isNumber,
        numbers,
        odd,
        example:
          textsAt(chunk, 3 + 3 * j)
            .getItem(0)
            ?.trim() ?? '',
      }
    })
    return { rows: number(0), columns }
  }
  return { rows: 0, columns: [] }
}

/** Far more than can be compared, and few enough to be named in a refusal. */
const mostTreatments = 10_000

async function treatmentsOf(source: Source, { treatment }: AssignedRoles): Promise<string[]> {
  const written = textSql(source.columns[treatment]!.kind, columnAt(treatment))
  const found = new Set<string>()
  for await (const chunk of source.chunks([`DISTINCT ${written}`], `LIMIT ${mostTreatments}`)) {
    for (let i = 0; i < chunk.rowCount; i++) {
      const arm = meaningOf(textsAt(chunk, 0).getItem(i))
      if (arm !== null) found.add(arm)
    }
  }
  return inOrder([...found])
}

async function collect(
  source: Source,
  assigned: AssignedRoles,
  order: CollectOrder,
  onProgress?: (share: number) => void,
) {
  const collecting = startCollecting(order)
  const wanted = startWanted(source)
  const propensity = assigned.propensity && order.arms.map((arm) => wanted.number(assigned.propensity!.get(arm)!))
  const places = {
    treatment: wanted.text(assigned.treatment),
    outcome: wanted.number(assigned.outcome),
    outcomeText: wanted.text(assigned.outcome),
    weight: assigned.weight === null ? null : wanted.number(assigned.weight),
    weightText: assigned.weight === null ? null : wanted.text(assigned.weight),
    cluster: assigned.cluster === null ? null : wanted.text(assigned.cluster),
    numbers: order.features.map(({ role, kind }) => (kind === 'number' ? wanted.number(role.place) : null)),
    texts: order.features.map(({ role, kind }) => (kind === 'number' ? null : wanted.text(role.place))),
  }
  const rows: RefusedRow[] = []
  let done = 0
  let count = 0
  for await (const chunk of source.chunks(wanted.expressions)) {
    const numbers = (at: number | null) => (at === null ? null : numbersAt(chunk, at))
    const texts = (at: number | null) => (at === null ? null : textsAt(chunk, at))
    const piece: Piece = {
      rows: chunk.rowCount,
      treatment: textsAt(chunk, places.treatment),
      outcome: numbersAt(chunk, places.outcome),
      outcomeText: textsAt(chunk, places.outcomeText),
      weight: numbers(places.weight),
      weightText: texts(places.weightText),
      cluster: texts(places.cluster),
      propensity: propensity && propensity.map((at) => numbersAt(chunk, at)),
      numbers: places.numbers.map(numbers),
      texts: places.texts.map(texts),
    }
    const wrong = collecting.take(piece)
    count += wrong.length
    const shown = wrong.slice(0, mostRefusalsShown - rows.length)
    rows.push(...shown.map(({ row, ...what }: WrongRow) => ({ place: source.placeOf(done + row), ...what })))
    done += chunk.rowCount
    onProgress?.(lookShare + ((1 - lookShare) * done) / source.rows)
  }
  return { collected: collecting.end(), rows, count }
}

/** The expressions that a statement asks for, each with the place of its answer. */
function startWanted(source: Source) {
  const expressions: string[] = []
  const kindAt = (place: number) => source.columns[place]!.kind
  return {
    expressions,
    number: (place: number) => expressions.push(numberSql(kindAt(place), columnAt(place))) - 1,
    text: (place: number) => expressions.push(textSql(kindAt(place), columnAt(place))) - 1,
  }
}

function mixed(outcome: string): DatasetProblem {
  const sentence = `“${outcome}” says yes or no in some rows and has numbers other than 1 and 0 in others; make it one or the other.`
  return problem('no_outcome', sentence)
}

function noRow(source: Source, shown: readonly RefusedRow[]): DatasetProblem {
  const [first] = shown
  if (!first) return problem('no_row', 'The file holds no rows.')
  const what = first.column === '' ? first.reason : `“${first.column}” ${first.reason}`
  return problem('no_row', `Every row was refused; the first, at ${source.countedIn} ${first.place}: ${what}.`)
}

/** What a table may not lack once wrong rows are left out. */
function faultOf(
  { rows, arm, arms, outcome, weight }: LearningTable,
  none: () => DatasetProblem,
): DatasetProblem | null {
  if (rows === 0) return none()
  const counts = new Float64Array(arms.length)
  for (const place of arm) counts[place]!++
  const lost = arms.filter((_, place) => counts[place] === 0)
  if (lost.length > 0)
    return problem('arms', `All rows of ${listed(lost)} were refused; nothing is left to learn of them.`)
  if (outcome.values.every(Number.isNaN)) return problem('no_outcome', `“${outcome.name}” is not known of anybody.`)
  if (weight?.every((value) => value === 0)) return problem('no_weight', 'All weights are zero.')
  return null
}
