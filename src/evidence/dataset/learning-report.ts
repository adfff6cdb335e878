// What was read, before anything is learned from it: rows, what is missing, what was refused, and how alike those who took
// each service were to those who took none.

import { isDate, isDecimalComma } from './cell-sql.ts'
import type { Feature, LearningTable } from './learning-table.ts'
import type { SettledLevels } from './levels.ts'
import type { Refusals } from './problem.ts'

export interface FeatureReport {
  readonly name: string
  readonly kind: Feature['kind']
  readonly isProtected: boolean
  readonly levels: readonly string[]
  /** Different known values; numbers are told apart up to a thousand and one. */
  readonly distinct: number
  /** Share of rows where it is not known. */
  readonly missing: number
  /** Rows whose level is rare and counted under "other levels". */
  readonly otherRows: number
}

export interface ArmReport {
  readonly arm: string
  readonly rows: number
  readonly outcomeKnown: number
  /** Weighted where there are weights; null when the outcome is not known of anybody. */
  readonly meanOutcome: number | null
}

/** How far those who took an arm are from the control on one feature, in standard deviations of it. */
export interface Difference {
  readonly arm: string
  readonly feature: string
  /** A category's level that differs most; null for numbers. */
  readonly level: string | null
  readonly difference: number
}

/** A column read as a category although some of its cells are numbers. */
export interface Oddity {
  readonly name: string
  readonly odd: number
  readonly known: number
  readonly example: string
}

export interface LearningReport {
  readonly rows: number
  readonly refusals: Refusals
  readonly countedIn: 'line' | 'row' | null
  readonly treatment: string
  readonly outcome: {
    readonly name: string
    readonly kind: 'yes_no' | 'number'
    readonly known: number
    readonly varies: boolean
  }
  readonly arms: readonly ArmReport[]
  readonly features: readonly FeatureReport[]
  /** The largest differences between an arm and the control, largest first. */
  readonly differences: readonly Difference[]
  readonly clusters: number | null
  readonly span: LearningTable['span']
  /** What the owner of the file should know; one sentence each. */
  readonly notes: readonly string[]
}

export interface ReportFacts {
  readonly refusals?: Refusals
  readonly countedIn?: 'line' | 'row'
  /** By feature; null or absent where none were left out. */
  readonly levels?: readonly (SettledLevels | null)[]
  readonly oddities?: readonly Oddity[]
}

/** Beyond half a standard deviation, two groups hardly share their middle: a comparison leans on the model, not on people.
 *  Imbens and Rubin (2015), Causal Inference, chapter 14, warn from a quarter on. */
const large = 0.5

/** Differences are told up to here: beyond, nobody is alike anyway, and a report must be plain numbers. */
const farthest = 99

const mostDifferences = 12
const mostDistinct = 1001

/** O(rows · features). */
export function reportOf(table: LearningTable, facts: ReportFacts = {}): LearningReport {
  const arms = armReports(table)
  const features = table.features.map((feature, j) => featureReport(feature, table.rows, facts.levels?.[j] ?? null))
  const known = arms.reduce((sum, arm) => sum + arm.outcomeKnown, 0)
  const outcome = { name: table.outcome.name, kind: table.outcome.kind, known, varies: varies(table.outcome.values) }
  const found = differencesOf(table).sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
  const report = {
    rows: table.rows,
    refusals: facts.refusals ?? { count: 0, shown: [] },
    countedIn: facts.countedIn ?? null,
    treatment: table.treatment,
    outcome,
    arms,
    features,
    differences: found.slice(0, mostDifferences),
    clusters: table.cluster?.count ?? null,
    span: table.span,
  }
  return {
    ...report,
    notes: [...notesOf(report, facts.oddities ?? []), ...identifierNotes(table, facts.levels), ...closedNotes(table)],
  }
}

function armReports({ arms, arm, outcome, weight, rows }: LearningTable): ArmReport[] {
  const tallies = arms.map(() => ({ rows: 0, known: 0, weight: 0, sum: 0 }))
  for (let i = 0; i < rows; i++) {
    const tally = tallies[arm[i]!]!
    tally.rows++
    const value = outcome.values[i]!
    if (Number.isNaN(value)) continue
    const w = weight ? weight[i]! : 1
    tally.known++
    tally.weight += w
    tally.sum += w * value
  }
  return arms.map((name, k) => {
    const { rows: count, known, weight: total, sum } = tallies[k]!
    return { arm: name, rows: count, outcomeKnown: known, meanOutcome: total > 0 ? sum / total : null }
  })
}

function featureReport(feature: Feature, rows: number, settled: SettledLevels | null): FeatureReport {
  const seen = new Set<number>()
  let missing = 0
  for (const value of feature.values) {
    if (Number.isNaN(value)) missing++
    else if (seen.size < mostDistinct) seen.add(value)
  }
  const { name, kind, isProtected, levels } = feature
  return {
    ...{ name, kind, isProtected, levels, distinct: settled?.distinct ?? seen.size },
    ...{ missing: rows === 0 ? 0 : missing / rows, otherRows: settled?.otherRows ?? 0 },
  }
}

/** For each feature and arm, the standardised difference of means from the control (weighted where there are weights); of a
 *  category the level that differs most. Where one side is not known, or all are the same, there is none. */
function differencesOf(table: LearningTable): Difference[] {
  return table.features.flatMap((feature) => {
    const moments = feature.kind === 'category' ? levelMoments(table, feature) : [valueMoments(table, feature)]
    return table.arms.slice(1).flatMap((arm, k): Difference[] => {
      const all = moments.map((byArm, level) => ({ level, difference: standardised(byArm[k + 1]!, byArm[0]!) }))
      const known = all.filter(({ difference }) => !Number.isNaN(difference))
      if (known.length === 0) return []
      const most = known.reduce((a, b) => (Math.abs(b.difference) > Math.abs(a.difference) ? b : a))
      const level = feature.kind === 'category' ? feature.levels[most.level]! : null
      return [{ arm, feature: feature.name, level, difference: most.difference }]
    })
  })
}

interface Moments {
  weight: number
  mean: number
  /** Sum of weighted squares about the mean. */
  squares: number
}

function standardised(a: Moments, b: Moments): number {
  if (a.weight === 0 || b.weight === 0) return NaN
  const deviation = Math.sqrt((a.squares / a.weight + b.squares / b.weight) / 2)
  const apart = a.mean - b.mean
  // Neither side varies: alike, or apart altogether.
  if (deviation === 0) return apart === 0 ? NaN : Math.sign(apart) * farthest
  return Math.max(-farthest, Math.min(farthest, apart / deviation))
}

/** Welford's running mean and squares, so that large values lose no digits. */
function valueMoments({ arms, arm, weight }: LearningTable, { values }: Feature): Moments[] {
  const moments = arms.map((): Moments => ({ weight: 0, mean: 0, squares: 0 }))
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const w = weight ? weight[i]! : 1
    if (Number.isNaN(value) || w === 0) continue
    const side = moments[arm[i]!]!
    side.weight += w
    const step = value - side.mean
    side.mean += (step * w) / side.weight
    side.squares += w * step * (value - side.mean)
  }
  return moments
}

/** By level, then arm: the moments of "is this level" among those of whom the feature is known. */
function levelMoments({ arms, arm, weight }: LearningTable, { values, levels }: Feature): Moments[][] {
  const total = new Float64Array(arms.length)
  const counts = new Float64Array(levels.length * arms.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    const w = weight ? weight[i]! : 1
    total[arm[i]!]! += w
    counts[value * arms.length + arm[i]!]! += w
  }
  return levels.map((_, level) =>
    arms.map((_, k) => {
      const all = total[k]!
      const share = all > 0 ? counts[level * arms.length + k]! / all : 0
      return { weight: all, mean: share, squares: all * share * (1 - share) }
    }),
  )
}

function varies(values: Float64Array): boolean {
  let first = NaN
  for (const value of values) {
    if (Number.isNaN(value)) continue
    if (Number.isNaN(first)) first = value
    else if (value !== first) return true
  }
  return false
}

function notesOf(report: Omit<LearningReport, 'notes'>, oddities: readonly Oddity[]): string[] {
  const { outcome, rows, features, differences } = report
  const constant = features.filter(({ distinct, missing }) => distinct === 1 && missing === 0)
  const unknown = features.filter(({ distinct }) => distinct === 0)
  const far = differences.filter(({ difference }) => Math.abs(difference) > large)
  return [
    ...(outcome.varies
      ? []
      : [`“${outcome.name}” is the same for everybody of whom it is known: there is nothing to learn.`]),
    ...(outcome.known < rows ? [`“${outcome.name}” is not known of ${rows - outcome.known} of ${rows}.`] : []),
    ...report.arms
      .filter((arm) => arm.outcomeKnown === 0)
      .map(({ arm }) => `“${outcome.name}” is not known of anybody who took “${arm}”.`),
    ...oddities.map(oddityNote),
    ...features
      .filter(({ otherRows }) => otherRows > 0)
      .map(
        ({ name, otherRows }) =>
          `“${name}” has too many levels: the rarest, of ${otherRows} rows, count as “other levels”.`,
      ),
    ...unknown.map(({ name }) => `“${name}” is not known of anybody: it is left out.`),
    ...constant.map(({ name }) => `“${name}” is the same for everybody: it is left out.`),
    ...(far.length > 0
      ? [`Some groups differ much from the control; where hardly anyone alike took both, no effect can be known.`]
      : []),
  ]
}

/** With hardly any such cells, a word for "not known" is likelier than a name. */
const fewOdd = 0.25

function oddityNote({ name, odd, known, example }: Oddity): string {
  if (isDecimalComma(example))
    return `“${name}” writes decimals with a comma (“${example}”), so it is read as a category; write them with a point.`
  if (isDate(example))
    return `“${name}” holds dates (“${example}”), which are read as a category; give the days since a fixed day if time matters, or leave it out.`
  const hint = odd < fewOdd * known ? ' Leave such cells empty if it is a number.' : ''
  return `“${name}” is read as a category: ${odd} of its ${known} known cells are no numbers, such as “${example}”.${hint}`
}

/** Features that tell one row from every other: a number that steps on from row to row, or a label for each. */
function identifierNotes({ features, rows }: LearningTable, labels: ReportFacts['levels']): string[] {
  const tells = features.filter(({ kind, values }, j) => {
    if (rows < fewestForIdentifier) return false
    if (kind === 'category') return labels?.[j]?.distinct === rows
    const step = Math.sign(values[1]! - values[0]!)
    return (
      step !== 0 &&
      values.every((value, i) => Number.isInteger(value) && (i === 0 || Math.sign(value - values[i - 1]!) === step))
    )
  })
  return tells.map(({ name }) => `“${name}” is different in every row: if it only numbers or names them, leave it out.`)
}

const fewestForIdentifier = 20

/** Of arms that some rows could not get. */
function closedNotes({ arms, rows, knownPropensity }: LearningTable): string[] {
  return arms.flatMap((arm, k) => {
    const count = knownPropensity?.subarray(k * rows, (k + 1) * rows).filter((chance) => chance === 0).length ?? 0
    if (count === 0) return []
    return `“${arm}” could not be had by ${count} ${count === 1 ? 'row' : 'rows'} (its chance there is 0): what it would have done for them is only foretold from the others.`
  })
}

/** The report for a terminal, line by line. */
export function reportLines(report: LearningReport): string[] {
  const { rows, refusals, outcome, span, clusters } = report
  const kind = outcome.kind === 'yes_no' ? 'yes or no' : 'number'
  return [
    `${rows} rows${span ? `, from ${span.from} to ${span.to}` : ''}${clusters === null ? '' : `, in ${clusters} clusters`}; ${refusals.count} refused.`,
    `Outcome “${outcome.name}” (${kind}), known of ${outcome.known}.`,
    '',
    ...aligned([
      [report.treatment, 'rows', 'outcome known', 'mean outcome'],
      ...report.arms.map(({ arm, rows: count, outcomeKnown, meanOutcome }) => {
        return [arm, String(count), String(outcomeKnown), meanOutcome === null ? '-' : rounded(meanOutcome)]
      }),
    ]),
    '',
    ...aligned([
      ['feature', 'kind', 'distinct', 'not known', ''],
      ...report.features.map(({ name, kind: of, distinct, missing, isProtected }) => {
        const told = distinct === mostDistinct && of === 'number' ? `over ${mostDistinct - 1}` : String(distinct)
        return [name, of, told, `${(100 * missing).toFixed(1)} %`, isProtected ? 'protected' : '']
      }),
    ]),
    ...(report.differences.length === 0 ? [] : differenceLines(report)),
    ...(report.notes.length === 0 ? [] : ['', ...report.notes]),
    ...refusalLines(report),
  ]
}

function differenceLines({ differences, arms }: LearningReport): string[] {
  return [
    '',
    `Largest differences from “${arms[0]!.arm}”, in standard deviations:`,
    ...aligned(
      differences.map(({ arm, feature, level, difference }) => {
        return [level === null ? feature : `${feature}: ${level}`, arm, difference.toFixed(2)]
      }),
    ),
  ]
}

const mostLinesPrinted = 20

function refusalLines({ refusals, countedIn }: LearningReport): string[] {
  if (refusals.count === 0) return []
  const first = refusals.shown.slice(0, mostLinesPrinted)
  const rest = refusals.count - first.length
  return [
    '',
    'Refused:',
    ...first.map(({ place, column, reason }) => {
      return `  ${countedIn ?? 'row'} ${place}: ${column === '' ? '' : `“${column}” `}${reason}`
    }),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ]
}

function rounded(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4)
}

/** Columns of words, the first to the left, numbers to the right. */
function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]!.length)))
  return lines.map((line) =>
    `  ${line.map((word, at) => (at < 1 ? word.padEnd(widths[at]!) : word.padStart(widths[at]!))).join('  ')}`.trimEnd(),
  )
}
