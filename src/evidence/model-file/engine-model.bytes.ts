// The engine's model as a file holds it: taken apart for the container, and put together again only when it fits its card.

import { z } from 'zod'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Card } from '../engine/card.ts'
import type { EngineModel } from '../engine/model.ts'
import type { ModelFile } from './container.bytes.ts'
import type { ModelProblem } from './problem.ts'
import { putTogether, takeApart } from './sections.ts'

/** Raised when a model of before would be misread or predict something else: such a model must be learned again. */
const engineVersion = '3'

/** The model with its card, ready to be written. Its arrays are not copied. */
export function keepEngineModel(model: EngineModel, card: Card): ModelFile {
  return { manifest: { engineVersion, created: card.learnedAt, card }, sections: takeApart(model) }
}

const floats = z.instanceof(Float64Array)
/** What all of a model hangs on. The rest is as it was written: every byte has been checked by its hash. */
const shape = z.looseObject({
  kind: z.literal('engine'),
  arms: z.array(z.string()).min(2),
  features: z.array(
    z.looseObject({ name: z.string(), kind: z.string(), levels: z.array(z.string()), isProtected: z.boolean() }),
  ),
  cuts: z.array(z.looseObject({ edges: floats })),
  scale: z.number().positive(),
  centre: z.number(),
  stack: z.looseObject({ weights: floats, centre: floats, average: floats }),
})

/** Refuses a model of another version of the engine, and one that does not fit the card beside it. */
export function readEngineModel(file: ModelFile): Result<EngineModel, ModelProblem> {
  const { engineVersion: version, card } = file.manifest
  if (version !== engineVersion) return refused({ reason: 'other_engine' })
  const json = togetherOf(file)
  const read = shape.safeParse(json)
  if (!read.success || !fits(read.data, card))
    return refused({ reason: 'damaged', what: 'the model does not fit its card' })
  return ok(json as EngineModel)
}

function togetherOf({ sections }: ModelFile): unknown {
  try {
    return putTogether(sections)
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null
    throw error
  }
}

function fits({ arms, features, cuts, stack }: z.output<typeof shape>, card: Card): boolean {
  const effects = arms.length - 1
  return (
    JSON.stringify(arms) === JSON.stringify(card.arms.map(({ arm }) => arm)) &&
    arms[0] === card.control &&
    JSON.stringify(features.map(({ name }) => name)) === JSON.stringify(card.features.map(({ name }) => name)) &&
    cuts.length === features.length &&
    stack.average.length === effects &&
    stack.weights.length === stack.centre.length &&
    stack.centre.length % effects === 0
  )
}
