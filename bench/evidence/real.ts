// Average effects on published data beside what others found on the same files, in units of their standard error. The agreed
// distance is half of one.
//
//   Pennsylvania reemployment bonus experiment: quarters 1 to 4, in which all six offers and none were given by chance, the
//     shares within each quarter known; outcome: log of weeks unemployed (Corson and others 1992; Bilias 2000).
//   National Supported Work: the treated of the experiment and CPS-1 survey people in place of its controls; outcome: earnings
//     in 1978; the effect on those treated (LaLonde 1986; Dehejia and Wahba 1999). The experiment itself says 1,794 (671).

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { lastJson, learnWords } from './cells.ts'
import { runMeasured } from './command.ts'
import { readTable, rowsOf, textColumn, writeTable, type TextTable } from './tables.ts'

/** Doubly robust averages of grf 2.6.1 (R 4.2; multi-arm causal forest with 1,000 trees and the known shares for
 *  Pennsylvania; causal forest with 2,000 trees for LaLonde): estimate and standard error. */
const pennsylvania = {
  declining_long: [-0.06025, 0.0426],
  high_long: [-0.08638, 0.042],
  high_long_no_workshop: [-0.1176, 0.0406],
  high_short: [-0.0691, 0.0415],
  low_long: [-0.0795, 0.0383],
  low_short: [-0.08837, 0.048],
} as const
const supportedWork = { programme: [1595, 712] } as const

const agreed = 0.5
const estimates = z.array(z.object({ arm: z.string(), estimate: z.number(), se: z.number() }))
const report = z.object({ averages: estimates, treated: estimates })

interface Study {
  readonly name: string
  readonly file: string
  readonly outcome: string
  readonly control: string
  readonly from: 'averages' | 'treated'
  readonly yardstick: Readonly<Record<string, readonly [number, number]>>
  readonly more: readonly string[]
  readonly prepare: (table: TextTable) => Map<string, (string | number)[]>
}

export interface RealFinding {
  readonly study: string
  readonly arm: string
  readonly estimate: number
  readonly se: number
  readonly yardstick: number
  readonly yardstickSe: number
  /** |estimate - yardstick| / the yardstick's standard error. */
  readonly distance: number
  readonly agrees: boolean
}

const studies: readonly Study[] = [
  {
    name: 'Pennsylvania',
    file: 'penn-bonus/penn_bonus.csv.gz',
    outcome: 'log_weeks',
    control: 'control',
    from: 'averages',
    yardstick: pennsylvania,
    more: ['--known-propensity', 'p_*'],
    prepare: pennsylvaniaEpisodes,
  },
  {
    name: 'LaLonde, CPS-1',
    file: 'lalonde/nsw_cps1.csv.gz',
    outcome: 're78',
    control: 'none',
    from: 'treated',
    yardstick: supportedWork,
    more: [],
    prepare: supportedWorkEpisodes,
  },
]

/** Learns from each study that the folder holds; a study that is not there, or a command that fails, is told in `problems`. */
export async function compareReal(
  folder: string,
  limitSeconds: number,
): Promise<{ findings: RealFinding[]; problems: string[] }> {
  const findings: RealFinding[] = []
  const problems: string[] = []
  for (const study of studies) {
    const file = path.join(folder, study.file)
    if (!fs.existsSync(file)) {
      problems.push(`${study.name}: skipped, there is no ${file}.`)
      continue
    }
    const found = await learnStudy(study, file, limitSeconds)
    if (typeof found === 'string') problems.push(`${study.name}: ${found}`)
    else findings.push(...found)
  }
  return { findings, problems }
}

async function learnStudy(study: Study, file: string, limitSeconds: number): Promise<RealFinding[] | string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-real-'))
  try {
    const data = path.join(folder, 'episodes.csv')
    writeTable(data, study.prepare(readTable(file)))
    const { outcome, control, more } = study
    const words = learnWords({ data, out: path.join(folder, 'model'), outcome, control, more })
    const done = await runMeasured(words, limitSeconds)
    const said = report.safeParse(lastJson(done.stdout))
    if (!said.success && !done.ok) return done.problem
    if (!said.success) return `learn --json did not print averages and treated: ${z.prettifyError(said.error)}`
    return Object.entries(study.yardstick).flatMap(([arm, [yardstick, yardstickSe]]) => {
      const own = said.data[study.from].find((one) => one.arm === arm)
      if (!own) return []
      const distance = Math.abs(own.estimate - yardstick) / yardstickSe
      const { estimate, se } = own
      return [{ study: study.name, arm, estimate, se, yardstick, yardstickSe, distance, agrees: distance <= agreed }]
    })
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Shares within the quarter stand beside each row: the design's own, and so known. */
function pennsylvaniaEpisodes(table: TextTable): Map<string, (string | number)[]> {
  const quarter = textColumn(table, 'quarter')
  const arm = textColumn(table, 'arm')
  const kept = [...quarter.keys()].filter((row) => Number(quarter[row]) <= 4)
  const arms = [...new Set(kept.map((row) => arm[row]!))].sort()
  const shareOf = new Map<string, number>()
  for (const season of new Set(quarter)) {
    const there = kept.filter((row) => quarter[row] === season)
    for (const name of arms) {
      shareOf.set(`${season} ${name}`, there.filter((row) => arm[row] === name).length / there.length)
    }
  }
  const facts = [...table.keys()].filter((name) => name !== 'arm' && name !== 'inuidur1')
  const weeks = textColumn(table, 'inuidur1')
  return new Map<string, (string | number)[]>([
    ...facts.map((name) => [name, kept.map((row) => textColumn(table, name)[row]!)] as const),
    ...arms.map((name) => [`p_${name}`, kept.map((row) => shareOf.get(`${quarter[row]!} ${name}`)!)] as const),
    ['service', kept.map((row) => arm[row]!)],
    ['log_weeks', kept.map((row) => Math.log(Number(weeks[row])))],
  ])
}

function supportedWorkEpisodes(table: TextTable): Map<string, (string | number)[]> {
  const treated = textColumn(table, 'treat')
  const sample = textColumn(table, 'sample')
  const kept = [...Array(rowsOf(table)).keys()].filter((row) => treated[row] === '1' || sample[row] === 'cps1')
  const facts = [...table.keys()].filter((name) => !['treat', 'sample', 're78'].includes(name))
  const pick = (name: string) => kept.map((row) => textColumn(table, name)[row]!)
  return new Map<string, (string | number)[]>([
    ...facts.map((name) => [name, pick(name)] as const),
    ['service', kept.map((row) => (treated[row] === '1' ? 'programme' : 'none'))],
    ['re78', pick('re78')],
  ])
}
