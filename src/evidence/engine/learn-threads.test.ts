import { expect, test } from 'vitest'
import { packModelBytes, takeApart } from '../model-file/index.ts'
import { drawTable } from './learning-table.factory.ts'
import { learnEvidence } from './learn.run.ts'

const { table } = drawTable({ rows: 300, isProtected: true })

/** The model's bytes and the card's, without a word of threads. */
async function bytesWith(seed: number, threads: number): Promise<string> {
  const { model, card } = await learnEvidence(table, { seed, threads, trees: 6, now: new Date(0) })
  const manifest = { engineVersion: '1', created: card.learnedAt, card: { ...card, threads: 0, seed: 0 } }
  return Buffer.from(packModelBytes({ manifest, sections: takeApart(model) })).toString('base64')
}

test('one, two and four threads learn the same model and card as none, to the last bit', async () => {
  const alone = await bytesWith(1, 0)
  for (const threads of [1, 2, 4]) expect(await bytesWith(1, threads)).toBe(alone)
})

test('the same seed learns the same again, another one deals other folds', async () => {
  const once = await bytesWith(1, 0)
  expect(await bytesWith(1, 0)).toBe(once)
  expect(await bytesWith(2, 0)).not.toBe(once)
})
