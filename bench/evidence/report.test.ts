import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tablesOf } from './report.ts'
import { appendRun, readRuns, type Cell, type Run } from './runs.ts'
import { errorAgainstBest, readYardstick } from './yardstick.ts'

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-report-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

function run(more: Partial<Cell> = {}, judged: Partial<NonNullable<Run['judged']>> = {}): Run {
  const arm = { arm: 'a', average: 0, averagePredicted: 0, rmse: 0.06, spread: 0.1, width: 0.2, intervalScore: 0.3 }
  const cell: Cell = {
    ...{ method: 'engine', generator: 'folder', shape: 'smooth', n: 2000, seed: 1, outcome: 'employed12m' },
    ...{ missing: null, protected: [], ates: '', more: '', ...more },
  }
  return {
    ...{ cell, at: '2026-01-01T00:00:00Z', commit: 'abc', problem: null, usedForRanking: true, loopSeconds: 0.5 },
    judged: {
      arms: [{ ...arm, coverage: 0.95, supported: 0.9, claimed: null }],
      ...{ gain: 0.7, gainSingle: 0.65, gainTree: null, rmse: 0.06, ...judged },
    },
    ...{ learnCpuSeconds: 10, learnPeakMiB: 300, predictCpuSeconds: 1, predictPeakMiB: 200 },
  }
}

/** Cells of the row whose first cells are these, in the table that has the column. */
function cellOf(text: string, column: string, start: readonly string[]): string | undefined {
  const rows = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const place = rows.findIndex((cells) => cells.includes(column))
  const at = rows[place]?.indexOf(column) ?? -1
  return rows.slice(place).find((cells) => start.every((value, k) => cells[k + 1] === value))?.[at]
}

test('a gain is a mean over seeds with its standard error, held against the bar', () => {
  const text = tablesOf([run({}, { gain: 0.6 }), run({ seed: 2 }, { gain: 0.7 })], null)
  expect(cellOf(text, 'gain %', ['smooth', '2,000'])).toBe('65.0 ± 5.0')
  expect(cellOf(text, 'bar', ['smooth', '2,000'])).toBe('>= 64 met')
  expect(cellOf(text, 'seeds', ['smooth', '2,000'])).toBe('1-2')
})

test('coverage of the worst service decides, not the mean', () => {
  const [arm] = run().judged!.arms
  const arms = [
    { ...arm!, arm: 'good', coverage: 0.97 },
    { ...arm!, arm: 'bad', coverage: 0.6 },
  ]
  const text = tablesOf([run({}, { arms })], null)
  expect(cellOf(text, 'least covered %', ['smooth', '2,000'])).toBe('60.0 bad')
  expect(text).toContain('90 to 98 MISSED')
})

test('runs with protected facts or other averages stand in tables of their own, without bars', () => {
  const text = tablesOf([run(), run({ protected: ['female'] })], null)
  expect(text.match(/^## /gm)).toHaveLength(2)
  expect(text.split('protected: female')[1]).not.toContain('>= 64')
})

test('a failed run is told and counts nowhere', () => {
  const text = tablesOf([run(), { ...run({ seed: 2 }), judged: null, problem: 'learn: it broke' }], null)
  expect(text).toContain('engine smooth n 2000 seed 2: learn: it broke')
  expect(cellOf(text, 'seeds', ['smooth', '2,000'])).toBe('1')
})

test('the error is held against the best rival, on the seeds that it was run with', () => {
  const peers = [
    { method: 'stack', gain: [], rmse: [0.08, 0.08, 0.08] },
    { method: 'grf', gain: [], rmse: [0.05] },
    { method: 'logit', gain: [], rmse: [0.01] },
  ]
  const rmse = new Map([
    [1, 0.06],
    [2, 0.04],
    [9, 9],
  ])
  expect(errorAgainstBest(peers, rmse)).toEqual({ rival: 'grf', ratio: expect.closeTo(1.2, 10) as number, seeds: 1 })
  expect(errorAgainstBest(peers, new Map([[7, 1]]))).toBeNull()
})

test('figures of other methods are read from the table of a folder', () => {
  const folder = temporaryFolder()
  const lines = [
    '| 20,000 | tree | grf | 72 -71 46 | 63 | 7.0 7.5 8.0 | 7.5 |',
    '| 20,000 | tree | x | 58 49 | 51 | - | - |',
  ]
  fs.writeFileSync(path.join(folder, 'README.md'), ['# A', ...lines, '| 1 | tree | too short |'].join('\n'))
  expect(readYardstick(folder).peers('tree', 20_000)).toEqual([
    { method: 'grf', gain: [0.72, -0.71, 0.46], rmse: [0.07, 0.075, 0.08] },
    { method: 'x', gain: [0.58, 0.49], rmse: [] },
  ])
  expect(readYardstick(path.join(folder, 'none')).peers('tree', 20_000)).toEqual([])
})

test('a log gives the latest run of each cell, whatever a stop has cut off', () => {
  const file = path.join(temporaryFolder(), 'log.jsonl')
  appendRun(file, run({}, { gain: 0.1 }))
  appendRun(file, run({ seed: 2 }))
  appendRun(file, run({}, { gain: 0.5 }))
  fs.appendFileSync(file, '{"cell":{"meth')
  expect(readRuns(file).map(({ judged }) => judged?.gain)).toEqual([0.5, 0.7])
})
