// A model as it is kept: names as JSON, numbers as bytes. Little-endian whatever the machine.

import { z } from 'zod'
import type { FactCode, FactDefinition } from '#directory/index.ts'
import { blockLength, type ClassicCard, type ClassicModel } from './classic.ts'

/** What a row of the models' table holds. */
export interface KeptModel {
  readonly layout: unknown
  readonly numbers: Uint8Array
  readonly pastAnswers: Uint8Array
  readonly pastArms: Uint8Array
  readonly card: unknown
}

const factShape = z.object({ code: z.string(), labels: z.array(z.string()) })
const layoutShape = z.object({
  arms: z.array(z.string()),
  facts: z.array(factShape),
  columns: z.array(
    z.object({
      code: z.string(),
      part: z.enum(['value', 'is', 'unknown']),
      label: z.string().nullable(),
      fact: z.int().nonnegative(),
      place: z.int().nonnegative(),
    }),
  ),
  points: z.int().nonnegative(),
  draws: z.int().nonnegative(),
  past: z.object({
    facts: z.array(factShape.extend({ low: z.number(), high: z.number() })),
    people: z.int().nonnegative(),
    threshold: z.number(),
  }),
})

const cardShape = z.object({
  episodes: z.number(),
  counts: z.array(z.object({ type: z.string(), episodes: z.number(), known: z.number(), working: z.number() })),
  seed: z.number(),
  draws: z.number(),
  shrinkage: z.enum(['pooled', 'zero']).nullable(),
  sharedPenalty: z.number().nullable(),
  ownPenalty: z.number().nullable(),
  heldOutLoss: z.number().nullable(),
  plainLoss: z.number().nullable(),
  rankingColumns: z.array(z.string()),
  protectedColumns: z.array(z.string()),
})

export function packModel(model: ClassicModel): KeptModel {
  const { arms, facts, columns, points, draws, past } = model
  const named = ({ code, labels }: { code: string; labels: readonly string[] }) => ({ code, labels })
  return {
    layout: {
      arms,
      facts: facts.map(named),
      columns: columns.map(({ code, part, label, fact, place }) => ({ code, part, label, fact, place })),
      points,
      draws,
      past: {
        facts: past.facts.map(({ low, high, ...fact }) => ({ ...named(fact), low, high })),
        people: past.people,
        threshold: past.threshold,
      },
    },
    numbers: bytesOf(model.numbers, (view, at, value) => view.setFloat32(at, value, true)),
    pastAnswers: bytesOf(past.answers, (view, at, value) => view.setInt32(at, value, true)),
    pastArms: past.arm,
    card: model.card,
  }
}

/** Reads a kept model. `definitionOf` gives a fact's definition, null for one that there is no longer. Throws when the
 *  bytes do not fit the names: such a row was not written by `packModel`. */
export function unpackModel(kept: KeptModel, definitionOf: (code: string) => FactDefinition | null): ClassicModel {
  const { arms, facts, columns, points, draws, past } = layoutShape.parse(kept.layout)
  const define = <T extends { code: string; labels: string[] }>(fact: T) => {
    const definition = definitionOf(fact.code)
    if (!definition) throw new Error('The model was learned with a fact that there is no longer. Learn again.')
    return { ...fact, code: fact.code as FactCode, definition }
  }
  const model: ClassicModel = {
    kind: 'classic',
    arms,
    facts: facts.map(define),
    columns: columns.map((column) => ({ ...column, code: column.code as FactCode, isProtected: false })),
    points,
    draws,
    numbers: Float32Array.from(valuesOf(kept.numbers, (view, at) => view.getFloat32(at, true))),
    past: {
      ...past,
      facts: past.facts.map(define),
      answers: Int32Array.from(valuesOf(kept.pastAnswers, (view, at) => view.getInt32(at, true))),
      arm: Uint8Array.from(kept.pastArms),
    },
    card: readCard(kept.card),
  }
  const blocks = arms.length === 0 ? 0 : draws + 1
  if (model.numbers.length !== blocks * blockLength(model)) throw new Error('The kept model has lost numbers.')
  if (model.past.answers.length !== past.people * past.facts.length) throw new Error('The kept model has lost answers.')
  return model
}

export function readCard(json: unknown): ClassicCard {
  return cardShape.parse(json)
}

function bytesOf(
  values: Float32Array | Int32Array,
  set: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) set(view, i * 4, values[i]!)
  return bytes
}

function valuesOf(bytes: Uint8Array, get: (view: DataView, at: number) => number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float64Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, i) => get(view, i * 4))
}
