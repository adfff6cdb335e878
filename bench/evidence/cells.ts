// One cell of the table: episodes are written, the real commands learn and predict, truth judges.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { measureLoop, runMeasured, type Outcome } from './command.ts'
import { designOf } from './design-matrix.ts'
import { judge, predictionsFrom, truthFrom, type Judgement, type Truth } from './judge.ts'
import { learnLinearEffects, predictLinearEffects } from './linear-dr.ts'
import { outcomes, shapes } from './people.ts'
import type { Cell, Run } from './runs.ts'
import { writeSimulation } from './simulate.ts'
import { numberColumn, readTable, rowsOf, textColumn } from './tables.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const reported = z.object({ usedForRanking: z.boolean().optional(), peakMiB: z.number().optional() })
const usualMissing = 0.05

export interface CellOrder {
  readonly cell: Cell
  /** The folder with simulate.mjs, for cells whose generator is `folder`. */
  readonly reference: string | null
  readonly limitSeconds: number
}

/** Measures one cell in a temporary folder. A command that fails is a run with a problem, not an error. */
export async function measureCell({ cell, reference, limitSeconds }: CellOrder): Promise<Run> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-evidence-'))
  try {
    const loopSeconds = measureLoop()
    writeEpisodes(folder, cell, reference)
    const truth = truthFrom(readTable(path.join(folder, 'truth.csv')))
    const measured =
      cell.method === 'engine'
        ? await measureEngine(folder, cell, { truth, limitSeconds })
        : measureLinear(folder, cell, truth)
    return { cell, at: new Date().toISOString(), commit: currentCommit(), loopSeconds, ...measured }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** The words of `./waypost learn` for a file of episodes. */
export function learnWords(order: {
  data: string
  out: string
  outcome: string
  control: string
  treatment?: string
  more?: readonly string[]
}): string[] {
  const { data, out, outcome, control, treatment = 'service', more = [] } = order
  const named = ['--data', data, '--treatment', treatment, '--control', control, '--outcome', outcome, '--out', out]
  return [path.join(root, 'waypost'), 'learn', ...named, '--json', ...more]
}

type Measured = Omit<Run, 'cell' | 'at' | 'commit' | 'loopSeconds'>

function writeEpisodes(folder: string, cell: Cell, reference: string | null): void {
  if (cell.generator === 'own') {
    const shape = shapes.find((name) => name === cell.shape)
    const outcome = outcomes.find((name) => name === cell.outcome)
    if (!shape || !outcome) throw new Error(`There is no shape ${cell.shape} with outcome ${cell.outcome}.`)
    const { n, seed, missing } = cell
    writeSimulation(folder, { n, seed, shape, outcome, missing: missing ?? usualMissing, test: 10_000 })
    return
  }
  if (reference === null) throw new Error(`${cell.shape} needs --reference.`)
  const order = ['--n', String(cell.n), '--dgp', cell.shape, '--seed', String(cell.seed), '--out', folder]
  if (cell.missing !== null) order.push('--missing', String(cell.missing))
  if (cell.ates) order.push('--ates', cell.ates)
  const done = spawnSync(process.execPath, [path.join(reference, 'simulate.mjs'), ...order], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`simulate.mjs failed: ${done.stderr}`)
}

async function measureEngine(
  folder: string,
  cell: Cell,
  { truth, limitSeconds }: { truth: Truth; limitSeconds: number },
): Promise<Measured> {
  const [model, out] = [path.join(folder, 'model'), path.join(folder, 'predicted.csv')]
  const more = cell.more.split(' ').filter((word) => word !== '')
  if (cell.generator === 'own') more.push('--cluster', 'site')
  if (cell.protected.length > 0) more.push('--protected', cell.protected.join(','))
  const words = {
    data: path.join(folder, 'train.csv'),
    out: model,
    outcome: cell.outcome,
    control: truth.arms[0]!,
    more,
  }
  const learned = await runMeasured(learnWords(words), limitSeconds)
  // It may end otherwise than with 0 and still have learned: rows that were refused are told by its exit code.
  if (!fs.existsSync(model)) return failed('learn', learned)
  const test = path.join(folder, 'test.csv')
  const asked = [path.join(root, 'waypost'), 'predict', '--model', model, '--data', test, '--out', out]
  const predicted = await runMeasured(asked, limitSeconds)
  if (!fs.existsSync(out)) return { ...failed('predict', predicted), ...costOf(learned) }
  const said = reported.safeParse(lastJson(learned.stdout))
  return {
    problem: null,
    judged: briefly(judge(truth, predictionsFrom(readTable(out), truth.arms))),
    usedForRanking: said.data?.usedForRanking ?? null,
    ...costOf(learned, said.data?.peakMiB),
    predictCpuSeconds: predicted.cpuSeconds,
    predictPeakMiB: predicted.peakMiB,
  }
}

function measureLinear(folder: string, cell: Cell, truth: Truth): Measured {
  const [train, test] = [readTable(path.join(folder, 'train.csv')), readTable(path.join(folder, 'test.csv'))]
  const features = [...train.keys()].filter((name) => name !== 'service' && name !== cell.outcome)
  const design = designOf(train, test, features)
  const before = process.cpuUsage()
  const y = numberColumn(train, cell.outcome)
  const arm = Uint8Array.from(textColumn(train, 'service'), (name) => truth.arms.indexOf(name))
  const isYesNo = y.every((value) => value === 0 || value === 1)
  const problem = { ...design.train, arm, arms: truth.arms.length, y, isYesNo }
  const effects = learnLinearEffects(problem, cell.seed)
  const learnCpuSeconds = cpuSince(before)
  const halfway = process.cpuUsage()
  const predicted = predictLinearEffects(effects, design.test.x, rowsOf(test))
  const cost = { learnCpuSeconds, predictCpuSeconds: cpuSince(halfway), learnPeakMiB: null, predictPeakMiB: null }
  const judged = briefly(judge(truth, { ...predicted, support: null, policy: null }))
  return { problem: null, judged, usedForRanking: null, ...cost }
}

function failed(command: string, { problem }: Outcome): Measured {
  return {
    problem: `${command}: ${problem.split('\n').slice(-3).join(' ') || 'it failed without a word'}`,
    ...{ judged: null, usedForRanking: null, learnCpuSeconds: null, learnPeakMiB: null },
    ...{ predictCpuSeconds: null, predictPeakMiB: null },
  }
}

function costOf(learned: Outcome, saidMiB?: number): Pick<Run, 'learnCpuSeconds' | 'learnPeakMiB'> {
  return { learnCpuSeconds: learned.cpuSeconds, learnPeakMiB: learned.peakMiB ?? saidMiB ?? null }
}

function briefly({ arms, gain, gainSingle, gainTree, rmse }: Judgement): Run['judged'] {
  return { arms: [...arms], gain, gainSingle, gainTree, rmse }
}

/** The object that a command printed with --json: all of its standard output, or the last line of it. */
export function lastJson(stdout: string): unknown {
  for (const text of [stdout, stdout.trim().split('\n').at(-1) ?? '']) {
    try {
      return JSON.parse(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return null
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function currentCommit(): string | null {
  const done = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' })
  return done.status === 0 ? done.stdout.trim() : null
}
