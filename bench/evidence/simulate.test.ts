import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { judge, truthFrom } from './judge.ts'
import { arms, heavyFactor, type OutcomeKind, type Shape } from './people.ts'
import { simulatedRows, writeSimulation, type SimulatedRow } from './simulate.ts'
import { readTable, rowsOf, textColumn } from './tables.ts'

function order(more: { n?: number; seed?: number; shape?: Shape; outcome?: OutcomeKind; missing?: number } = {}) {
  return {
    n: 4000,
    test: 4000,
    seed: 3,
    shape: 'bands' as Shape,
    outcome: 'employed' as OutcomeKind,
    missing: 0,
    ...more,
  }
}

function draw(more: Parameters<typeof order>[0] = {}): SimulatedRow[] {
  return [...simulatedRows(order(more), 1)]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How many standard errors the mean of these lies from zero. */
function distance(values: readonly number[]): number {
  const centre = mean(values)
  return Math.abs(centre) / Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / values.length)
}

test('services are given as often as the true shares say', () => {
  const rows = draw()
  for (const place of arms.keys()) {
    expect(distance(rows.map(({ arm, shares }) => Number(arm === place) - shares[place]!))).toBeLessThan(4)
  }
})

test.each(['employed', 'earnings'] as const)('%s averages to the true mean of the service taken', (outcome) => {
  expect(distance(draw({ outcome }).map((row) => row.outcome - row.means[row.arm]!))).toBeLessThan(4)
})

test('start-up is rare, and nobody with a temporary permit is given it', () => {
  const rows = draw()
  expect(mean(rows.map(({ shares }) => shares[4]!))).toBeLessThan(0.05)
  const temporary = rows.filter(({ person }) => person.permit === 'temporary')
  expect(temporary.length).toBeGreaterThan(100)
  expect(temporary.every(({ shares, arm }) => shares[4] === 0 && arm !== 4)).toBe(true)
})

test('the course helps some and holds others back', () => {
  const effects = draw().map(({ means }) => means[2]! - means[0]!)
  expect(effects.filter((effect) => effect > 0.03).length).toBeGreaterThan(500)
  expect(effects.filter((effect) => effect < -0.03).length).toBeGreaterThan(500)
})

test('those who were given a service differ from those who were not: raw differences mislead', () => {
  const rows = draw({ n: 20_000 })
  const raw = (place: number) => mean(rows.filter(({ arm }) => arm === place).map(({ means }) => means[0]!))
  expect(Math.abs(raw(2) - raw(0))).toBeGreaterThan(0.01)
})

test('the heavy-tailed factor has mean one', () => {
  const random = makeRandom(1, 1)
  expect(distance(Array.from({ length: 50_000 }, () => heavyFactor(random) - 1))).toBeLessThan(4)
})

test('weak effects are small for everyone', () => {
  const effects = draw({ shape: 'weak' }).flatMap(({ means }) => means.map((value) => Math.abs(value - means[0]!)))
  expect(Math.max(...effects)).toBeLessThan(0.05)
})

test('blanked answers change nobody, and are as many as asked for', () => {
  const whole = draw()
  const blanked = draw({ missing: 0.2 })
  expect(blanked.map(({ arm, outcome }) => [arm, outcome])).toEqual(whole.map(({ arm, outcome }) => [arm, outcome]))
  const share = mean(blanked.map(({ cells }) => cells.filter((cell) => cell === '').length / 4))
  expect(share).toBeGreaterThan(0.19)
  expect(share).toBeLessThan(0.24)
})

test('the same seed writes the same files, and the same test people whatever n', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-simulated-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, n: number, seed: number) => {
    const to = writeSimulation(path.join(folder, name), { ...order({ n, seed, missing: 0.1 }), test: 50 })
    return (file: string) => fs.readFileSync(path.join(to, file), 'utf8')
  }
  const [first, again, larger, other] = [write('a', 30, 1), write('b', 30, 1), write('c', 60, 1), write('d', 30, 2)]
  for (const file of ['train.csv', 'test.csv', 'truth.csv']) expect(again(file)).toBe(first(file))
  expect(larger('test.csv') + larger('truth.csv')).toBe(first('test.csv') + first('truth.csv'))
  expect(other('test.csv')).not.toBe(first('test.csv'))
  const truth = truthFrom(readTable(path.join(folder, 'a', 'truth.csv')))
  expect(truth.arms).toEqual(arms)
  expect(rowsOf(readTable(path.join(folder, 'c', 'train.csv')))).toBe(60)
  expect(textColumn(readTable(path.join(folder, 'a', 'test.csv')), 'service')).toHaveLength(50)
  const known = truth.means.slice(1).map((means) => means.map((value, row) => value - truth.means[0]![row]!))
  expect(judge(truth, { tau: known, low: null, high: null, support: null, policy: null }).gain).toBeCloseTo(1, 12)
})
