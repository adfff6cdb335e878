// The tables: means over seeds with standard errors, beside the bars and what others reach.

import type { RealFinding } from './real.ts'
import type { Cell, Run } from './runs.ts'
import { countOf, figureOf, shown, spreadOf, tableOf, verdict, type Spread } from './spread.ts'
import { costBars, errorAgainstBest, errorBar, gainBar, type Yardstick } from './yardstick.ts'

/** Runs that differ in their seed alone. */
interface Group {
  readonly cell: Cell
  readonly runs: readonly Run[]
  /** The linear learner's runs on the same files. */
  readonly linear: readonly Run[]
}

const coverageBar = [0.9, 0.98] as const
const supportBar = 0.8

/** All tables as text, for the engine's runs and the linear learner's beside them; with `arms`, each service in a row too. */
export function tablesOf(runs: readonly Run[], yardstick: Yardstick | null, arms = false): string {
  const groups = groupsOf(runs)
  const parts = [...new Set(groups.map(({ cell }) => settingOf(cell)))].flatMap((setting) => {
    const own = groups.filter(({ cell }) => settingOf(cell) === setting)
    const measured = own.filter((group) => group.runs.length > 0)
    const tables = [`## ${setting}`, choiceTable(own, yardstick), doubtTable(own)]
    if (measured.length > 0 && arms) tables.push(armTable(measured))
    return measured.length > 0 ? [...tables, costTable(measured)] : tables
  })
  const failures = runs.filter(({ problem }) => problem !== null)
  if (failures.length > 0) parts.push('## Runs that failed', failures.map(failureLine).join('\n'))
  return parts.join('\n\n')
}

export function realTable(findings: readonly RealFinding[]): string {
  return tableOf(
    ['study', 'service', 'estimate (s.e.)', 'others (s.e.)', 'apart, in s.e.', 'at most 0.5'],
    findings.map((one) => [
      ...[one.study, one.arm],
      `${figureOf(one.estimate)} (${figureOf(one.se)})`,
      `${figureOf(one.yardstick)} (${figureOf(one.yardstickSe)})`,
      one.distance.toFixed(2),
      verdict(one.agrees),
    ]),
  )
}

function choiceTable(groups: readonly Group[], yardstick: Yardstick | null): string {
  const head = ['shape', 'n', 'seeds', 'gain %', 'bar', 'tree gain %', 'best single %', 'linear gain %', 'ranks']
  return tableOf(
    [...head, 'error', 'linear error', 'error / best', 'bar'],
    groups.map(({ cell, runs, linear }) => {
      const scale = scaleOf(cell)
      const bar = isPlain(cell) ? gainBar(cell.shape, cell.n) : null
      const gain = spreadOf(runs.map(({ judged }) => judged?.gain))
      const best =
        yardstick && isPlain(cell) ? errorAgainstBest(yardstick.peers(cell.shape, cell.n), errors(runs)) : null
      const isSmall = best !== null && best.ratio <= errorBar(cell.n)
      return [
        ...[cell.shape, countOf(cell.n), seedsOf(runs.length > 0 ? runs : linear), shown(gain, 100)],
        bar === null || gain === null ? '-' : `>= ${bar} ${verdict(100 * gain.mean >= bar)}`,
        shown(spreadOf(runs.map(({ judged }) => judged?.gainTree)), 100),
        shown(spreadOf(runs.map(({ judged }) => judged?.gainSingle)), 100),
        shown(spreadOf(linear.map(({ judged }) => judged?.gain)), 100),
        shareOf(runs.map(({ usedForRanking }) => usedForRanking)),
        shown(spreadOf(runs.map(({ judged }) => judged?.rmse)), scale),
        shown(spreadOf(linear.map(({ judged }) => judged?.rmse)), scale),
        best === null ? '-' : `${best.ratio.toFixed(2)} (${best.rival}, ${best.seeds} seeds)`,
        best === null ? '-' : `<= ${errorBar(cell.n)} ${verdict(isSmall)}`,
      ]
    }),
  )
}

function doubtTable(groups: readonly Group[]): string {
  const head = ['shape', 'n', 'least covered %', 'most covered %', 'bar', 'least supported %', 'bar', 'claimed at 0 %']
  return tableOf(
    [...head, 'width', 'linear', 'score', 'linear', 'linear covers %', 'below both'],
    groups.map(({ cell, runs, linear }) => {
      const scale = scaleOf(cell)
      const covered = byArm(runs, 'coverage').sort((a, b) => a.mean - b.mean)
      const [least, most] = [covered[0], covered.at(-1)]
      const holds = least && most && least.mean >= coverageBar[0] && most.mean <= coverageBar[1]
      const [supported] = byArm(runs, 'supported').sort((a, b) => a.mean - b.mean)
      const claimed = byArm(runs, 'claimed')
      const [width, score] = [overArms(runs, 'width'), overArms(runs, 'intervalScore')]
      const theirs = [overArms(linear, 'width'), overArms(linear, 'intervalScore')] as const
      const isBelow =
        width && score && theirs[0] && theirs[1] && width.mean < theirs[0].mean && score.mean < theirs[1].mean
      return [
        ...[cell.shape, countOf(cell.n), named(least), named(most)],
        covered.length === 0 ? '-' : `90 to 98 ${verdict(holds === true)}`,
        named(supported),
        supported ? `>= 80 ${verdict(supported.mean >= supportBar)}` : '-',
        claimed.length === 0 ? '-' : claimed.map(named).join(', '),
        ...[shown(width, scale), shown(theirs[0], scale), shown(score, scale), shown(theirs[1], scale)],
        shown(overArms(linear, 'coverage'), 100),
        width && theirs[0] ? verdict(isBelow === true) : '-',
      ]
    }),
  )
}

function costTable(groups: readonly Group[]): string {
  const head = ['shape', 'n', 'learn, CPU s', 'loops', 'MiB', 'predict 10,000, CPU s', 'loops', 'MiB', 'a loop, s']
  return tableOf(
    [...head, 'fold', 'bar'],
    groups.map(({ cell, runs }) => {
      const smaller = groups.findLast((other) => other.cell.shape === cell.shape && other.cell.n < cell.n)
      const figure = (pick: (run: Run) => number | null) => spreadOf(runs.map(pick))
      const loops = (pick: (run: Run) => number | null) => figure((run) => perLoop(pick(run), run.loopSeconds))
      const [learn, predict] = [(run: Run) => run.learnCpuSeconds, (run: Run) => run.predictCpuSeconds]
      const peak = figure((run) => run.learnPeakMiB)
      return [
        ...[cell.shape, countOf(cell.n), shown(figure(learn), 1), shown(loops(learn), 1), shown(peak, 1)],
        ...[shown(figure(predict), 1), shown(loops(predict), 1)],
        shown(
          figure((run) => run.predictPeakMiB),
          1,
        ),
        shown(
          figure((run) => run.loopSeconds),
          1,
        ),
        foldOf(figure(learn), spreadOf(smaller?.runs.map(learn) ?? [])),
        costVerdict(cell.n, [figure(learn), peak, figure(predict)]),
      ]
    }),
  )
}

function armTable(groups: readonly Group[]): string {
  const head = ['shape', 'n', 'service', 'true average', 'predicted', 'spread', 'error', 'covered %', 'width', 'score']
  return tableOf(
    [...head, 'supported %', 'claimed at 0 %'],
    groups.flatMap(({ cell, runs }) =>
      byArm(runs, 'average').map(({ arm }) => {
        const figure = (name: ArmFigure, scale: number) =>
          shown(byArm(runs, name).find((one) => one.arm === arm) ?? null, scale)
        const [sizes, shares] = [
          ['average', 'averagePredicted', 'spread', 'rmse'],
          ['supported', 'claimed'],
        ] as const
        return [
          ...[cell.shape, countOf(cell.n), arm, ...sizes.map((name) => figure(name, scaleOf(cell)))],
          ...[figure('coverage', 100), figure('width', scaleOf(cell)), figure('intervalScore', scaleOf(cell))],
          ...shares.map((name) => figure(name, 100)),
        ]
      }),
    ),
  )
}

/** How many times the cost of the next smaller number of rows. */
function foldOf(cost: Spread | null, smaller: Spread | null): string {
  return cost && smaller ? (cost.mean / smaller.mean).toFixed(1) : '-'
}

function costVerdict(n: number, found: readonly (Spread | null)[]): string {
  const bars = costBars[n]
  const means = found.flatMap((spread) => (spread ? [spread.mean] : []))
  if (!bars || means.length < found.length) return '-'
  const isGood = [bars.learn, bars.peak, bars.predict].every((bar, place) => means[place]! <= bar)
  return `<= ${bars.learn} s, ${bars.peak} MiB, ${bars.predict} s ${verdict(isGood)}`
}

/** A group for each setting of the engine, and one for files on which the linear learner alone was run. */
function groupsOf(runs: readonly Run[]): Group[] {
  const judged = runs.filter((run) => run.judged !== null)
  const linear = judged.filter(({ cell }) => cell.method === 'linear')
  const byFiles = new Map(linear.map((run) => [filesKey(run), run]))
  const groups = grouped(judged.filter(({ cell }) => cell.method === 'engine')).map((own): Group => {
    const beside = own.flatMap((run) => byFiles.get(filesKey(run)) ?? [])
    return { cell: own[0]!.cell, runs: own, linear: beside }
  })
  const used = new Set(groups.flatMap((group) => group.linear))
  const alone = grouped(linear.filter((run) => !used.has(run)))
  return [...groups, ...alone.map((list): Group => ({ cell: list[0]!.cell, runs: [], linear: list }))].sort(
    (a, b) => a.cell.n - b.cell.n,
  )
}

function grouped(runs: readonly Run[]): Run[][] {
  return [...Map.groupBy(runs, groupKey).values()]
}

function groupKey({ cell }: Run): string {
  return JSON.stringify({ ...cell, seed: null })
}

/** What the episodes' files depend on. */
function filesKey({ cell }: Run): string {
  const { generator, shape, n, seed, outcome, missing, ates } = cell
  return JSON.stringify([generator, shape, n, seed, outcome, missing, ates])
}

function settingOf(cell: Cell): string {
  const parts = [cell.generator === 'own' ? "Waypost's own generator" : "The folder's generator", cell.outcome]
  if (cell.missing !== null) parts.push(`${100 * cell.missing} % of some answers missing`)
  if (cell.protected.length > 0) parts.push(`protected: ${cell.protected.join(', ')}`)
  if (cell.ates) parts.push(`average effects ${cell.ates}`)
  if (cell.more) parts.push(`learn ${cell.more}`)
  return parts.join('; ')
}

function isPlain({ generator, missing, protected: named, ates }: Cell): boolean {
  return generator === 'folder' && missing === null && named.length === 0 && !ates
}

/** Chances are shown in points of a hundred, money as it is. */
function scaleOf({ outcome }: Cell): number {
  return outcome === 'earnings' ? 1 : 100
}

function errors(runs: readonly Run[]): Map<number, number> {
  return new Map(runs.flatMap(({ cell, judged }) => (judged ? [[cell.seed, judged.rmse] as const] : [])))
}

type ArmFigure = Exclude<keyof NonNullable<Run['judged']>['arms'][number], 'arm'>

function byArm(runs: readonly Run[], figure: ArmFigure): (Spread & { arm: string })[] {
  const arms = new Set(runs.flatMap(({ judged }) => judged?.arms.map(({ arm }) => arm) ?? []))
  return [...arms].flatMap((arm) => {
    const spread = spreadOf(runs.map(({ judged }) => judged?.arms.find((one) => one.arm === arm)?.[figure]))
    return spread ? [{ ...spread, arm }] : []
  })
}

/** The mean over arms in each run, then over runs. */
function overArms(runs: readonly Run[], figure: ArmFigure): Spread | null {
  return spreadOf(runs.map(({ judged }) => spreadOf(judged?.arms.map((arm) => arm[figure]) ?? [])?.mean))
}

function perLoop(seconds: number | null, loop: number): number | null {
  return seconds === null ? null : seconds / loop
}

function named(spread: (Spread & { arm: string }) | undefined): string {
  return spread ? `${shown(spread, 100)} ${spread.arm}` : '-'
}

function shareOf(values: readonly (boolean | null)[]): string {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? '-' : `${known.filter(Boolean).length} of ${known.length}`
}

function seedsOf(runs: readonly Run[]): string {
  const seeds = runs.map(({ cell }) => cell.seed).sort((a, b) => a - b)
  const [first, last] = [seeds[0]!, seeds.at(-1)!]
  return seeds.length > 1 && last - first === seeds.length - 1 ? `${first}-${last}` : seeds.join(' ')
}

function failureLine({ cell, problem }: Run): string {
  return `${cell.method} ${cell.shape} n ${cell.n} seed ${cell.seed}: ${problem ?? ''}`
}
