import { expect, test } from 'vitest'
import { Stopped } from '#compute/index.ts'
import { readEngineModel, unpackModelBytes } from '../model-file/index.ts'
import { drawTable } from './learning-table.factory.ts'
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
})

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
