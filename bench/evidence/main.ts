// `npm run bench:evidence -- --reference FOLDER`: how good the evidence engine is on episodes whose truth is known, through
// the real commands, beside bars, other methods and a linear learner. Means over seeds with standard errors.
//
//   --reference FOLDER   a folder with simulate.mjs and a README of what others reach; without it, our own generator alone
//   --shape a,b          of smooth, tree, sparse (the folder's), bands, weak (our own); all by default
//   --n 2000,20000       rows; 2000, 20000 and 100000 by default         --seeds 1-10 or 1,4   1-10 by default
//   --only engine,linear what is measured (both by default)              --outcome earnings    our own generator's second
//   --missing 0.1        share of blanked answers   --ates 1,2,…         other average effects (the folder's shapes)
//   --protected a,b      facts that may not rank (those a generator has) --learn "--trees 500" further words for learn
//   --log FILE           a line a run is added; runs in it are not done again
//   --arms               a row for each service too
//   --from FILE          prints the tables of a log and measures nothing
//   --real FOLDER        average effects on published data; alone, nothing is simulated
//   --seconds 3600       starts no further run after this time, and stops a command that outlasts it

import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { measureCell } from './cells.ts'
import { columns, shapes } from './people.ts'
import { compareReal } from './real.ts'
import { realTable, tablesOf } from './report.ts'
import { appendRun, cellKey, readRuns, type Cell, type Run } from './runs.ts'
import { readYardstick } from './yardstick.ts'

const folderShapes = ['smooth', 'tree', 'sparse']
const folderOutcome = 'employed12m'
const text = { type: 'string' } as const
const asked = readOptions()

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
const limitSeconds = Number(asked.seconds ?? 24 * 3600)
const endsAt = performance.now() + 1000 * limitSeconds
const reference = findReference()

if (asked.from !== undefined) show(readRuns(asked.from))
else if (asked.real !== undefined && asked.shape === undefined) await showReal(asked.real)
else {
  show(await measureAll())
  if (asked.real !== undefined) await showReal(asked.real)
}

function readOptions() {
  const options = {
    ...{ reference: text, shape: text, n: text, seeds: text, only: text, outcome: text, missing: text, ates: text },
    ...{ protected: text, learn: text, log: text, from: text, real: text, seconds: text },
    arms: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    console.error(
      `${why}\nOptions: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(' ')}`,
    )
    process.exit(2)
  }
}

function findReference(): string | null {
  const folder = asked.reference
  if (folder !== undefined && fs.existsSync(path.join(folder, 'simulate.mjs'))) return path.resolve(folder)
  const why = folder === undefined ? 'No --reference was given' : `There is no simulate.mjs in ${folder}`
  if (asked.from === undefined) console.error(`${why}: only the project's own generator is used.`)
  return null
}

async function measureAll(): Promise<Run[]> {
  const done = new Map<string, Run>()
  for (const run of asked.log === undefined ? [] : readRuns(asked.log)) {
    if (run.problem === null) done.set(cellKey(run.cell), run)
  }
  const cells = cellsAsked()
  const runs: Run[] = []
  for (const [place, cell] of cells.entries()) {
    const earlier = done.get(cellKey(cell))
    const left = (endsAt - performance.now()) / 1000
    if (!earlier && left < 1) {
      console.error(`Stopped after ${limitSeconds} s: ${cells.length - place} runs were not done.`)
      break
    }
    const run = earlier ?? (await measureCell({ cell, reference, limitSeconds: left }))
    if (!earlier && asked.log !== undefined) appendRun(asked.log, run)
    if (!earlier) console.error(`${place + 1} of ${cells.length}: ${lineOf(run)}`)
    runs.push(run)
  }
  return runs
}

function cellsAsked(): Cell[] {
  const known = [...(reference === null ? [] : folderShapes), ...shapes]
  const wanted = listOf(asked.shape) ?? known
  const strange = wanted.find((shape) => !known.includes(shape))
  if (strange !== undefined) throw new Error(`There is no shape ${strange} here. There are: ${known.join(', ')}.`)
  const sizes = (listOf(asked.n) ?? ['2000', '20000', '100000']).map(wholeNumber)
  const methods = (['engine', 'linear'] as const).filter((name) => (listOf(asked.only) ?? [name]).includes(name))
  return sizes.flatMap((n) =>
    seedsAsked().flatMap((seed) =>
      wanted.flatMap((shape) => methods.map((method) => cellOf({ shape, n, seed, method }))),
    ),
  )
}

function cellOf(key: Pick<Cell, 'shape' | 'n' | 'seed' | 'method'>): Cell {
  const isOwn = !folderShapes.includes(key.shape)
  // Facts that the generator has: the folder's own columns are not known before it has written them.
  const named = (listOf(asked.protected) ?? []).filter((fact) => isOwn === columns.some((column) => column === fact))
  return {
    ...key,
    generator: isOwn ? 'own' : 'folder',
    outcome: isOwn ? (asked.outcome ?? 'employed') : folderOutcome,
    missing: asked.missing === undefined ? null : Number(asked.missing),
    protected: key.method === 'engine' ? named : [],
    ates: isOwn ? '' : (asked.ates ?? ''),
    more: key.method === 'engine' ? (asked.learn ?? '') : '',
  }
}

function seedsAsked(): number[] {
  return (listOf(asked.seeds) ?? ['1-10']).flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(wholeNumber)
    return Array.from({ length: last - first + 1 }, (_, place) => first + place)
  })
}

function listOf(value: string | undefined): string[] | null {
  return value === undefined ? null : value.split(',').map((part) => part.trim())
}

function wholeNumber(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new Error(`${value} is no whole number above zero.`)
  return number
}

function lineOf({ cell, judged, problem, learnCpuSeconds }: Run): string {
  const what = `${cell.method} ${cell.shape} n ${cell.n} seed ${cell.seed}`
  if (!judged) return `${what}: ${problem ?? 'nothing'}`
  const gain = (100 * judged.gain).toFixed(0)
  return `${what}: gain ${gain} %, error ${judged.rmse.toPrecision(3)}, learn ${learnCpuSeconds?.toFixed(1) ?? '?'} CPU s`
}

function show(runs: readonly Run[]): void {
  console.log(tablesOf(runs, reference === null ? null : readYardstick(reference), asked.arms))
  const commits = [...new Set(runs.map(({ commit }) => commit ?? 'unknown'))]
  console.log(`\nMeasured at ${commits.join(', ')}.`)
}

async function showReal(folder: string): Promise<void> {
  const { findings, problems } = await compareReal(folder, Math.max(1, (endsAt - performance.now()) / 1000))
  if (findings.length > 0) console.log(`\n## Published data\n\n${realTable(findings)}`)
  for (const problem of problems) console.log(problem)
}
