import { expect, test } from 'vitest'
import { Stopped } from '#compute/index.ts'
import { readEngineModel, unpackModelBytes } from '../model-file/index.ts'
import { calibrationSince } from '../life/calibration.ts'
import { learnedInputs } from '../life/drift.ts'
import { unknownArm } from './foretell.ts'
import { drawTable, withFeature, withOutcome } from './learning-table.factory.ts'
import { networkEngine } from './network-engine.run.ts'
import { NothingToLearn } from './prepared.ts'

const { table } = drawTable({ rows: 900, isProtected: true })
const order = () => ({ seed: 1, signal: new AbortController().signal, onProgress: () => undefined })

test('what is learned in a thread can be read again, and how far it is was told meanwhile', async () => {
  const told: number[] = []
  const { card, bytes } = await networkEngine(1).learn(table, {
    ...order(),
    onProgress: (done) => told.push(done),
  })
  const file = unpackModelBytes(bytes)
  if (!file.ok) throw new Error(file.problem.reason)
  expect(readEngineModel(file.value)).toMatchObject({ ok: true, value: { arms: ['none', 'course', 'talk'] } })
  expect(card.data.rows).toBe(900)
  expect(told.at(-1)).toBeGreaterThan(10)
  await expectCalibration(bytes)
})

/** People like those learned from fare as they were told; people who fare worse do not. */
async function expectCalibration(bytes: Uint8Array): Promise<void> {
  const later = drawTable({ rows: 3000, seed: 2, isProtected: true }).table
  // Another order of levels, and a course that the model never met.
  const turned = withFeature(later, 'region', (place) => 2 - place)
  const features = turned.features.map((each) => (each.name === 'region' ? { ...each, levels: ['c', 'b', 'a'] } : each))
  const now = {
    ...later,
    features,
    arms: ['none', 'course', 'walk', 'talk'],
    arm: later.arm.map((k) => (k === 2 ? 3 : k)),
  }
  now.arm[0] = 2
  const foretold = (await networkEngine(0).foretell(bytes, now))!
  expect(foretold.arms).toEqual(['none', 'course', 'talk'])
  expect(foretold.arm[0]).toBe(unknownArm)
  expect(foretold.expected[0]).toBeNaN()
  const straight = (await networkEngine(0).foretell(bytes, later))!
  expect(foretold.tau).toEqual(straight.tau)
  const then = learnedInputs(table)
  const verdictOf = (of: typeof later) => calibrationSince(then, of, { foretold: straight, looks: 1 }).verdict
  expect(verdictOf(later)).toBe('holds')
  const worse = withOutcome(later, (value, row) => (row % 3 === 0 ? 0 : value))
  expect(verdictOf(worse)).toBe('drifts')
}

test('services of which too few outcomes are known are left out, and with none left it is said that there is nothing to learn', async () => {
  const few = {
    ...table,
    outcome: { ...table.outcome, values: table.outcome.values.map((y, i) => (i < 90 ? y : NaN)) },
  }
  for (const threads of [0, 1]) await expect(networkEngine(threads).learn(few, order())).rejects.toThrow(NothingToLearn)
})

test('a stop ends it at once', async () => {
  const stop = new AbortController()
  const work = networkEngine(1).learn(table, { ...order(), signal: stop.signal })
  setTimeout(() => stop.abort(), 300)
  await expect(work).rejects.toThrow(Stopped)
})
