// The life of a model that the engine learned: fitted, reviewed, in use, retired; each step by a named person.

import type { StaffId } from '#platform/ids.ts'
import { ok, refused, type Result } from '#platform/result.ts'

export const lifeStates = ['fitted', 'reviewed', 'in_use', 'retired'] as const
export type LifeState = (typeof lifeStates)[number]

export const lifeSteps = ['review', 'put_in_use', 'retire'] as const
export type LifeStep = (typeof lifeSteps)[number]

/** What is kept of a step. */
export type LifeEventKind = 'fitted' | 'reviewed' | 'put_in_use' | 'retired'

export interface Life {
  readonly state: LifeState
  /** Null before the review. */
  readonly reviewedBy: StaffId | null
}

/** Who takes the step, and with which roles. */
export interface Taker {
  readonly id: StaffId
  readonly roles: readonly string[]
}

export interface Surroundings {
  /** Why, in the taker's words; empty when nothing was said. */
  readonly note: string
  /** Whether somebody else could put a model in use. */
  readonly isAnotherThere: boolean
}

export type LifeProblem = 'not_from_here' | 'not_yours' | 'same_person' | 'note_missing'

export interface Step {
  readonly to: LifeState
  readonly event: LifeEventKind
}

// Reviewing is judging figures: the evaluator's. Putting in use changes what every adviser sees: the administrator's, like all
// settings. Retiring only ever does less, so whoever reads the card may.
const rules: Readonly<
  Record<LifeStep, { readonly from: readonly LifeState[]; readonly roles: readonly string[] } & Step>
> = {
  review: { from: ['fitted'], roles: ['evaluator'], to: 'reviewed', event: 'reviewed' },
  put_in_use: { from: ['reviewed'], roles: ['administrator'], to: 'in_use', event: 'put_in_use' },
  retire: {
    from: ['fitted', 'reviewed', 'in_use'],
    roles: ['evaluator', 'manager', 'administrator'],
    to: 'retired',
    event: 'retired',
  },
}

/** Who may put a model in use. */
export const approvers: readonly string[] = rules.put_in_use.roles

/** Whether the step may be taken, and what it leads to. A retired model never comes back. Whoever reviewed does not put in use
 *  while somebody else could: four eyes, as far as the network has them. Review and retirement say why. */
export function takeStep(
  step: LifeStep,
  life: Life,
  taker: Taker,
  { note, isAnotherThere }: Surroundings,
): Result<Step, LifeProblem> {
  const { from, roles, to, event } = rules[step]
  if (!from.includes(life.state)) return refused('not_from_here')
  if (!roles.some((role) => taker.roles.includes(role))) return refused('not_yours')
  if (step === 'put_in_use' && life.reviewedBy === taker.id && isAnotherThere) return refused('same_person')
  if (step !== 'put_in_use' && note.trim() === '') return refused('note_missing')
  return ok({ to, event })
}

/** The steps that this person could take, whatever else may stand against them. */
export function stepsOpen(life: Life, roles: readonly string[]): readonly LifeStep[] {
  return lifeSteps.filter(
    (step) => rules[step].from.includes(life.state) && rules[step].roles.some((role) => roles.includes(role)),
  )
}

/** The state that these events lead to, in their order. Throws at one that cannot follow. */
export function replay(events: readonly LifeEventKind[]): LifeState {
  const [first, ...rest] = events
  if (first !== 'fitted') throw new Error('The life of a model begins with its fit.')
  return rest.reduce<LifeState>((state, event) => {
    const rule = Object.values(rules).find((each) => each.event === event && each.from.includes(state))
    if (!rule) throw new Error(`A model that is ${state} was ${event}.`)
    return rule.to
  }, 'fitted')
}
