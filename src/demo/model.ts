// What the engine learned from the invented past, through the steps that a network takes: reviewed by the evaluator, put in use
// by the administrator.

import { keepFitted, keepStep, learnedInputs, type Engine } from '#evidence/index.ts'
import type { Work } from '#platform/http/index.ts'
import type { StaffId } from '#platform/ids.ts'
import type { DemoColleague } from './staff.ts'

const notes = {
  review: 'The people are invented and their truth is known. The checks and the groups were read.',
  approval: 'For the demonstration.',
} as const

/** Learns and puts in use. The same episodes and seed give the same model. */
export async function fillModel(
  { db, network, now }: Work,
  { engine, staff, seed }: { engine: Engine; staff: readonly DemoColleague[]; seed: number },
): Promise<void> {
  const personWith = (role: 'evaluator' | 'administrator'): StaffId => {
    const colleague = staff.find(({ roles }) => roles.includes(role))
    if (!colleague) throw new Error(`The demonstration has no ${role}.`)
    return colleague.id
  }
  const [evaluator, administrator] = [personWith('evaluator'), personWith('administrator')]
  const table = await engine.read(db)
  const { signal } = new AbortController()
  const learned = await engine.learn(table, { seed, signal, onProgress: () => undefined })
  const fitted = { ...learned, inputs: learnedInputs(table), askedBy: evaluator, now }
  const { id: modelId } = await keepFitted(db, network.id, fitted)
  const step = { modelId, now }
  const reviewed = { ...step, to: 'reviewed', event: 'reviewed', actorId: evaluator, note: notes.review } as const
  const inUse = { ...step, to: 'in_use', event: 'put_in_use', actorId: administrator, note: notes.approval } as const
  await keepStep(db, network.id, reviewed)
  await keepStep(db, network.id, inUse)
}
