// A client's plan: steps in their order, and what each needs first. Pure. A step never stands before what it needs unless the
// adviser says so; then it is marked. Nothing moves by itself.

import { ok, refused, type Result } from '#platform/result.ts'
import type { Facts } from '#directory/index.ts'
import { factsAfter, type Lore, type Raise } from '../changes/raise.ts'
import type { Standing } from './standing.ts'

export interface Step {
  readonly id: string
  /** A kind of service; null where the step is none. */
  readonly type: string | null
  /** A certain service; null where it is not chosen yet. */
  readonly serviceId: string | null
  /** What it is for, in words; may be empty. */
  readonly aim: string
  /** What the client can, has or knows once it is done. */
  readonly raises: Raise | null
  /** Who does what; may be empty. */
  readonly client: string
  readonly adviser: string
  readonly isDone: boolean
  /** The adviser said that it may stand before what it needs, and it does. */
  readonly isAnyway: boolean
}

export type Plan = readonly Step[]

/** How steps are judged: by what is known of the client today, and by what each would ask of them. */
export interface Judging extends Pick<Lore, 'definitionOf'> {
  readonly facts: Facts
  readonly standingOf: (step: Step, facts: Facts) => Standing
}

/** Something that a step needs first, and the steps of the plan that lead there. */
export interface Need {
  readonly raise: Raise
  /** Ids of the steps before it that lead there, and of those after it. */
  readonly before: readonly string[]
  readonly after: readonly string[]
}

export interface PlacedStep {
  readonly step: Step
  /** As things stand today, whatever the plan says. */
  readonly standing: Standing
  readonly needs: readonly Need[]
  /** It stands before what it needs: a need that only later steps lead to. */
  readonly isTooEarly: boolean
}

export interface TooEarly {
  readonly kind: 'too_early'
  readonly step: Step
  readonly first: Step
}

/** Every step with what it needs. A step that is done needs nothing any more. O(steps²). */
export function placed(plan: Plan, judging: Judging): readonly PlacedStep[] {
  return plan.map((step, at) => {
    const standing = judging.standingOf(step, judging.facts)
    const raises = step.isDone || standing.kind !== 'needs' ? [] : standing.raises
    const needs = raises.map((raise) => {
      const leading = (part: Plan) => part.filter((one) => leadsTo(one, raise, judging)).map(({ id }) => id)
      return { raise, before: leading(plan.slice(0, at)), after: leading(plan.slice(at + 1)) }
    })
    const isTooEarly = needs.some(({ before, after }) => before.length === 0 && after.length > 0)
    return { step, standing, needs, isTooEarly }
  })
}

/** Puts a step in: before the first that needs it, else at the end. */
export function addStep(plan: Plan, step: Step, asked: Asked): Result<Plan, TooEarly> {
  const waiting = placed([...plan, step], asked).findIndex(({ needs }) =>
    needs.some(({ before, after }) => before.length === 0 && after.includes(step.id)),
  )
  const at = waiting < 0 ? plan.length : waiting
  return settle([...plan.slice(0, at), step, ...plan.slice(at)], asked)
}

/** One place up or down; at the edge nothing changes. */
export function moveStep(plan: Plan, id: string, way: 'up' | 'down', asked: Asked): Result<Plan, TooEarly> {
  const at = plan.findIndex((step) => step.id === id)
  const to = at + (way === 'up' ? -1 : 1)
  if (at < 0 || to < 0 || to >= plan.length) return ok(plan)
  return settle(plan.toSpliced(at, 1).toSpliced(to, 0, plan[at]!), asked)
}

export function changeStep(plan: Plan, step: Step, asked: Asked): Result<Plan, TooEarly> {
  return settle(
    plan.map((one) => (one.id === step.id ? step : one)),
    asked,
  )
}

export function removeStep(plan: Plan, id: string, asked: Asked): Result<Plan, TooEarly> {
  return settle(
    plan.filter((step) => step.id !== id),
    asked,
  )
}

export interface Asked extends Judging {
  /** The adviser says that a step may stand before what it needs. */
  readonly isAnyway: boolean
}

/** Refused where a step would stand before what it needs and nobody said so; else with the mark on those that do. */
function settle(plan: Plan, asked: Asked): Result<Plan, TooEarly> {
  const steps = placed(plan, asked)
  const early = steps.find(({ step, isTooEarly }) => isTooEarly && !step.isAnyway && !asked.isAnyway)
  if (early) {
    const [need] = early.needs.filter(({ before, after }) => before.length === 0 && after.length > 0)
    return refused({ kind: 'too_early', step: early.step, first: plan.find(({ id }) => id === need!.after[0])! })
  }
  return ok(
    steps.map(({ step, isTooEarly }) => (step.isAnyway === isTooEarly ? step : { ...step, isAnyway: isTooEarly })),
  )
}

/** Whether the step, once done, leaves nothing of the raise to do. */
function leadsTo({ raises }: Step, wanted: Raise, judging: Judging): boolean {
  if (raises?.fact !== wanted.fact) return false
  const reached = factsAfter(judging.facts, [raises], judging)
  const more = factsAfter(reached, [wanted], judging)
  return JSON.stringify(more[wanted.fact]) === JSON.stringify(reached[wanted.fact])
}
