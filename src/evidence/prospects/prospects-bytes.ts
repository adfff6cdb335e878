// Prospects as they are kept: beside the models, in the columns of the classic one. Little-endian whatever the machine.

import { z } from 'zod'
import type { FactCode, FactDefinition } from '#directory/index.ts'
import { packModel, unpackModel, type KeptModel } from '../model-bytes.ts'
import type { ProspectsModel } from './prospects.ts'

const lengths = z.object({ numbers: z.int(), answers: z.int(), arms: z.int() })
const partShape = z.object({ layout: z.unknown(), lengths })
const layoutShape = z.object({
  at180: partShape,
  at365: partShape,
  earnings: z.object({
    facts: z.array(z.object({ code: z.string(), labels: z.array(z.string()), low: z.number(), high: z.number() })),
    people: z.int().nonnegative(),
    threshold: z.number(),
  }),
})
const cardShape = z.object({ at180: z.unknown(), at365: z.unknown() })

/** One after another: day 180, day 365, earnings; of the numbers the last are cents, 32-bit integers. */
export function packProspects({ at180, at365, earnings }: ProspectsModel): KeptModel {
  const [six, twelve] = [packModel(at180), packModel(at365)]
  const { facts, people, threshold, answers } = earnings.past
  return {
    layout: {
      at180: partOf(six),
      at365: partOf(twelve),
      earnings: { facts: facts.map(({ code, labels, low, high }) => ({ code, labels, low, high })), people, threshold },
    },
    numbers: Buffer.concat([six.numbers, twelve.numbers, bytesOf(earnings.cents)]),
    pastAnswers: Buffer.concat([six.pastAnswers, twelve.pastAnswers, bytesOf(answers)]),
    pastArms: Buffer.concat([six.pastArms, twelve.pastArms]),
    card: { at180: six.card, at365: twelve.card },
  }
}

/** Reads what `packProspects` wrote. Throws when the bytes do not fit their layout, or a fact is no more. */
export function unpackProspects(
  kept: KeptModel,
  definitionOf: (code: string) => FactDefinition | null,
): ProspectsModel {
  const layout = layoutShape.parse(kept.layout)
  const cards = cardShape.parse(kept.card)
  const six = layout.at180.lengths
  const twelve = layout.at365.lengths
  const model = (from: z.infer<typeof lengths>, part: z.infer<typeof partShape>, card: unknown) =>
    unpackModel(
      {
        layout: part.layout,
        numbers: kept.numbers.subarray(from.numbers, from.numbers + part.lengths.numbers),
        pastAnswers: kept.pastAnswers.subarray(from.answers, from.answers + part.lengths.answers),
        pastArms: kept.pastArms.subarray(from.arms, from.arms + part.lengths.arms),
        card,
      },
      definitionOf,
    )
  const { facts, people, threshold } = layout.earnings
  const answers = integersOf(kept.pastAnswers.subarray(six.answers + twelve.answers))
  const cents = integersOf(kept.numbers.subarray(six.numbers + twelve.numbers))
  if (answers.length !== people * facts.length || cents.length !== people)
    throw new Error('The kept prospects have lost earnings.')
  const define = <T extends { code: string }>(fact: T) => {
    const definition = definitionOf(fact.code)
    if (!definition) throw new Error('The prospects were learned with a fact that there is no longer. Learn again.')
    return { ...fact, code: fact.code as FactCode, definition }
  }
  return {
    at180: model({ numbers: 0, answers: 0, arms: 0 }, layout.at180, cards.at180),
    at365: model(six, layout.at365, cards.at365),
    earnings: { past: { facts: facts.map(define), people, threshold, answers, arm: new Uint8Array(people) }, cents },
  }
}

function partOf({ layout, numbers, pastAnswers, pastArms }: KeptModel): z.infer<typeof partShape> {
  return { layout, lengths: { numbers: numbers.length, answers: pastAnswers.length, arms: pastArms.length } }
}

function bytesOf(values: Int32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => bytes.writeInt32LE(value, at * 4))
  return bytes
}

function integersOf(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int32Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, at) => view.getInt32(at * 4, true))
}
