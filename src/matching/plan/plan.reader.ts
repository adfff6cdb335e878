// Steps as they are kept, and what a step leads to as one word of a form.

import { z } from 'zod'
import { definitionOf, factCodes, factNature, type FactCode, type FactValue } from '#directory/index.ts'
import { isMovable, type Raise } from '../changes/raise.ts'
import type { Plan } from './plan.ts'

const codes: readonly string[] = factCodes
const factCode = z.custom<FactCode>((code) => typeof code === 'string' && codes.includes(code))
const value = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())])
const stepShape = z.object({
  id: z.uuid(),
  type: z.string().nullable(),
  serviceId: z.uuid().nullable(),
  aim: z.string(),
  raises: z.object({ fact: factCode, to: value }).nullable(),
  client: z.string(),
  adviser: z.string(),
  isDone: z.boolean(),
  isAnyway: z.boolean(),
})

export function readPlan(json: unknown): Plan {
  return z.array(stepShape).parse(json)
}

/** `language_level:B1`, `driving_licence:true`, `documents:cv,identity`. */
export function raiseInForm({ fact, to }: Raise): string {
  return `${fact}:${typeof to === 'object' ? to.join() : String(to)}`
}

/** Null for what nobody can be asked to change, or for a step that the fact has not. */
export function readRaise(text: string): Raise | null {
  const [code = '', wanted = ''] = text.split(':')
  const fact = factCodes.find((one) => one === code)
  if (!fact || !isMovable(fact, { definitionOf, natureOf: factNature })) return null
  const to = valueOf(fact, wanted)
  return to === null ? null : { fact, to }
}

function valueOf(fact: FactCode, wanted: string): FactValue | null {
  const { kind, values = [] } = definitionOf(fact)
  if (kind === 'yes_no') return wanted === 'true' ? true : null
  const parts = wanted.split(',')
  if (!parts.every((part) => values.includes(part))) return null
  return kind === 'codes' ? parts : wanted
}
