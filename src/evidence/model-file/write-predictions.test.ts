import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { writePredictions, type PredictedBlock } from './write-predictions.run.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-predictions-'))
afterAll(() => fs.rmSync(folder, { recursive: true }))
const out = path.join(folder, 'PRED.csv')
const signal = new AbortController().signal

const ofRow = (rows: number, effects: number, of: (row: number, arm: number) => number) =>
  Float64Array.from({ length: rows * effects }, (_, at) => of(at % rows, Math.floor(at / rows)))

/** Every number tells its row and arm. */
function aBlock(rows: number, first: number, effects = 2): PredictedBlock {
  return {
    rows,
    tau: ofRow(rows, effects, (row, arm) => first + row + arm / 10),
    lo: ofRow(rows, effects, (row, arm) => first + row + arm / 10 - 0.05),
    hi: ofRow(rows, effects, (row, arm) => first + row + arm / 10 + 0.05),
    support: Uint8Array.from({ length: rows * effects }, (_, at) => at % 2),
    policy: Uint8Array.from({ length: rows }, (_, row) => (first + row) % (effects + 1)),
  }
}

async function* blocksOf(...blocks: PredictedBlock[]) {
  yield* blocks
}

const read = () => fs.readFileSync(out, 'utf8')

test('one line a person, in order, with the columns of each arm but the control', async () => {
  const blocks = blocksOf(aBlock(2, 0), aBlock(1, 2))
  expect(await writePredictions({ arms: ['none', 'language', 'work'], blocks, out, signal })).toEqual({ rows: 3 })
  expect(read()).toBe(
    [
      'tau_language,lo_language,hi_language,support_language,tau_work,lo_work,hi_work,support_work,policy',
      '0,-0.05,0.05,0,0.1,0.05,0.15,0,none',
      '1,0.95,1.05,1,1.1,1.05,1.15,1,language',
      '2,1.95,2.05,0,2.1,2.05,2.15,1,work',
      '',
    ].join('\n'),
  )
  expect(fs.readdirSync(folder)).toEqual(['PRED.csv'])
})

test('numbers have at most six decimals and come back as near as that', async () => {
  const anyNumber = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  await fc.assert(
    fc.asyncProperty(anyNumber, anyNumber, anyNumber, async (tau, lo, hi) => {
      const block = { rows: 1, support: Uint8Array.of(1), policy: Uint8Array.of(0) }
      const numbers = { tau: Float64Array.of(tau), lo: Float64Array.of(lo), hi: Float64Array.of(hi) }
      await writePredictions({ arms: ['a', 'b'], blocks: blocksOf({ ...block, ...numbers }), out, signal })
      const cells = read().split('\n')[1]!.split(',').slice(0, 3)
      for (const cell of cells) expect(cell).toMatch(/^-?\d+(\.\d{1,6})?$/)
      expect(cells.map(Number)[0]).toBeCloseTo(tau, 6)
    }),
    { numRuns: 60 },
  )
})

test('a number that is none is an empty cell, and zero has no sign', async () => {
  const block = { rows: 1, support: Uint8Array.of(0), policy: Uint8Array.of(0) }
  const numbers = { tau: Float64Array.of(Number.NaN), lo: Float64Array.of(-Infinity), hi: Float64Array.of(-1e-9) }
  await writePredictions({ arms: ['a', 'b'], blocks: blocksOf({ ...block, ...numbers }), out, signal })
  expect(read().split('\n')[1]).toBe(',,0,0,a')
})

test('arms whose names hold commas, quotes or line breaks stay whole', async () => {
  const arms = ['none', 'skills, "advanced"', 'two\nlines']
  await writePredictions({ arms, blocks: blocksOf(aBlock(3, 0)), out, signal })
  const [head, ...rows] = parse(read())
  expect(head).toHaveLength(9)
  expect(head?.[0]).toBe('tau_skills, "advanced"')
  expect(rows.map((row) => row.at(-1))).toEqual(arms)
})

test('work that fails leaves what was there before, and nothing beside it', async () => {
  fs.writeFileSync(out, 'before')
  async function* failing() {
    yield aBlock(3, 0)
    throw new Error('the disk of the input is gone')
  }
  await expect(writePredictions({ arms: ['a', 'b', 'c'], blocks: failing(), out, signal })).rejects.toThrow('gone')
  const stop = new AbortController()
  async function* stopped() {
    yield aBlock(3, 0)
    stop.abort(new Error('stopped'))
    yield aBlock(3, 3)
  }
  const work = writePredictions({ arms: ['a', 'b', 'c'], blocks: stopped(), out, signal: stop.signal })
  await expect(work).rejects.toThrow('stopped')
  expect(read()).toBe('before')
  expect(fs.readdirSync(folder)).toEqual(['PRED.csv'])
})

test('through a link, what it names is written and the link stays', async () => {
  const link = path.join(folder, 'latest.csv')
  fs.symlinkSync('PRED.csv', link)
  await writePredictions({ arms: ['a', 'b'], blocks: blocksOf(aBlock(1, 0, 1)), out: link, signal })
  expect(fs.lstatSync(link).isSymbolicLink()).toBe(true)
  expect(read()).toMatch(/^tau_b/)
  fs.rmSync(link)
})

test('a device is written as it is', async () => {
  await writePredictions({ arms: ['a', 'b'], blocks: blocksOf(aBlock(1, 0, 1)), out: '/dev/null', signal })
  expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true)
})
