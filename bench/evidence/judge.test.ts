import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { judge, predictionsFrom, truthFrom, type Predictions, type Truth } from './judge.ts'
import { readTable, writeTable } from './tables.ts'

const reference = fileURLToPath(new URL('../../../shared/reference/evaluate.mjs', import.meta.url))

/** Four people, three arms; the first arm is the control. */
const truth: Truth = {
  arms: ['none', 'a', 'b'],
  means: [list(0.5, 0.5, 0.5, 0.5), list(0.6, 0.4, 0.6, 0.4), list(0.5, 0.7, 0.5, 0.7)],
  shares: [list(0.5, 0.5, 0.5, 0.5), list(0.46, 0.496, 0.46, 0.496), list(0.04, 0.004, 0.04, 0.004)],
}

function list(...values: number[]): Float64Array {
  return Float64Array.from(values)
}

function effects(a: Float64Array, b: Float64Array, more: Partial<Predictions> = {}): Predictions {
  return { tau: [a, b], low: null, high: null, support: null, policy: null, ...more }
}

const perfect = effects(list(0.1, -0.1, 0.1, -0.1), list(0, 0.2, 0, 0.2))

describe('the judge', () => {
  test('gives all of the gain and no error to who knows every effect', () => {
    const found = judge(truth, perfect)
    expect(found.gain).toBeCloseTo(1, 12)
    expect(found.rmse).toBeCloseTo(0, 12)
    expect(found.values.oracle).toBeCloseTo(0.65, 12)
  })

  test('gives a choice of the best arm for all the gain of the best arm for all', () => {
    const found = judge(truth, effects(list(0, 0, 0, 0), list(1, 1, 1, 1)))
    expect(found.gain).toBeCloseTo(found.gainSingle, 12)
    expect(found.gainSingle).toBeLessThan(1)
  })

  test('prefers the control where no effect is above zero', () => {
    const found = judge(truth, effects(list(0, 0, 0, 0), list(-1, -1, -1, -1)))
    expect(found.gain).toBeCloseTo((0.5 - found.values.asIs) / (found.values.oracle - found.values.asIs), 12)
  })

  test('counts intervals of supported pairs only, and charges forty times the miss', () => {
    const low = [list(0.05, -0.2, 0.2, -1), list(0, 0, 0, 0)]
    const high = [list(0.15, 0, 0.3, 1), list(0.1, 0.1, 0.1, 0.1)]
    const support = [list(1, 1, 1, 0), list(0, 0, 0, 0)]
    const [a, b] = judge(truth, { ...perfect, low, high, support }).arms
    expect(a!.coverage).toBeCloseTo(2 / 3, 12)
    expect(a!.width).toBeCloseTo((0.1 + 0.2 + 0.1) / 3, 12)
    expect(a!.intervalScore).toBeCloseTo((0.4 + 40 * 0.1) / 3, 12)
    expect(b!.coverage).toBeNull()
  })

  test('asks for support where the true share is 5 % or more, and calls a claim what is made where it is nil', () => {
    const support = [list(1, 0, 1, 1), list(1, 1, 1, 0)]
    const [a, b] = judge(truth, { ...perfect, support }).arms
    expect([a!.supported, a!.claimed]).toEqual([0.75, null])
    expect([b!.supported, b!.claimed]).toEqual([null, 0.5])
  })

  test('values a policy by the arms it names, and refuses one that is no arm', () => {
    expect(judge(truth, { ...perfect, policy: ['a', 'b', 'a', 'b'] }).gainTree).toBeCloseTo(1, 12)
    expect(() => judge(truth, { ...perfect, policy: ['a', 'b', 'a', 'c'] })).toThrow('c, which is no arm')
  })

  test('refuses predictions of other people and effects that are no number', () => {
    expect(() => judge(truth, effects(list(0), list(0)))).toThrow('4 people and 1')
    expect(() => judge(truth, effects(list(0, NaN, 0, 0), list(0, 0, 0, 0)))).toThrow('no number')
  })
})

describe('beside the other judge of the same files', () => {
  const isThere = fs.existsSync(reference)
  if (!isThere) console.log('skipped: there is no ../shared/reference beside the project')

  test.runIf(isThere)('every figure is the same', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-judge-'))
    onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
    const files = { truth: path.join(folder, 'truth.csv'), predicted: path.join(folder, 'predicted.csv') }
    writeRandomFiles(files)
    const done = spawnSync(process.execPath, [reference, files.truth, files.predicted, '--json'], { encoding: 'utf8' })
    const theirs = JSON.parse(done.stdout) as Record<string, never>
    const known = truthFrom(readTable(files.truth))
    const ours = judge(known, predictionsFrom(readTable(files.predicted), known.arms))
    expect(theirs).toMatchObject({
      summary: {
        ...{ gain: close(ours.gain), gainBestSingle: close(ours.gainSingle), gainTree: close(ours.gainTree) },
        ...{ rmse: close(ours.rmse), cover: close(ours.coverage), width: close(ours.width) },
        ...{ intervalScore: close(ours.intervalScore), supported: close(ours.supported) },
      },
      values: { asIs: close(ours.values.asIs), random: close(ours.values.random), oracle: close(ours.values.oracle) },
      arms: ours.arms.map((arm) => ({
        ...{ service: arm.arm, ate: close(arm.average), ateHat: close(arm.averagePredicted), rmse: close(arm.rmse) },
        ...{ sdTau: close(arm.spread), cover: close(arm.coverage), width: close(arm.width) },
        ...{ intervalScore: close(arm.intervalScore), supported: close(arm.supported) },
      })),
    })
  })
})

function close(value: number | null): unknown {
  return value === null ? null : expect.closeTo(value, 10)
}

function writeRandomFiles(files: { truth: string; predicted: string }): void {
  const random = makeRandom(4, 1)
  const services = ['none', 'job_search', 'classroom', 'on_the_job', 'wage_subsidy', 'language', 'public_works']
  const column = (draw: () => number) => Array.from({ length: 400 }, () => Number(draw().toFixed(5)))
  const others = services.slice(1)
  const tau = others.map(() => column(() => 0.2 * random.normal()))
  writeTable(
    files.truth,
    new Map([
      ...services.map((name) => [`p_${name}`, column(() => random.uniform())] as const),
      ...services.map((name) => [`e_${name}`, column(() => random.uniform() ** 3)] as const),
    ]),
  )
  writeTable(
    files.predicted,
    new Map<string, readonly (string | number)[]>([
      ...others.map((name, arm) => [`tau_${name}`, tau[arm]!] as const),
      ...others.map((name, arm) => [`lo_${name}`, tau[arm]!.map((value) => value - random.uniform())] as const),
      ...others.map((name, arm) => [`hi_${name}`, tau[arm]!.map((value) => value + random.uniform())] as const),
      ...others.map((name) => [`support_${name}`, column(() => Number(random.uniform() < 0.7))] as const),
      ['policy', Array.from({ length: 400 }, () => services[random.below(7)]!)],
    ]),
  )
}
