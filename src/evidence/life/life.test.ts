import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newId } from '#platform/ids.ts'
import {
  lifeStates,
  lifeSteps,
  replay,
  stepsOpen,
  takeStep,
  type LifeState,
  type LifeStep,
  type LifeEventKind,
} from './life.ts'

const evaluator = { id: newId<'staff'>(), roles: ['evaluator'] }
const administrator = { id: newId<'staff'>(), roles: ['administrator'] }
const manager = { id: newId<'staff'>(), roles: ['manager'] }
const both = { id: newId<'staff'>(), roles: ['evaluator', 'administrator'] }
const said = { note: 'The checks hold.', isAnotherThere: true }
const at = (state: LifeState, reviewedBy = evaluator.id) => ({
  state,
  reviewedBy: state === 'fitted' ? null : reviewedBy,
})

describe('a model', () => {
  test('is reviewed by an evaluator, put in use by an administrator, retired by either of them or a manager', () => {
    expect(takeStep('review', at('fitted'), evaluator, said)).toEqual({
      ok: true,
      value: { to: 'reviewed', event: 'reviewed' },
    })
    expect(takeStep('put_in_use', at('reviewed'), administrator, said)).toMatchObject({
      ok: true,
      value: { to: 'in_use' },
    })
    for (const one of [evaluator, administrator, manager])
      expect(takeStep('retire', at('in_use'), one, said)).toMatchObject({ ok: true, value: { to: 'retired' } })
  })

  test('takes no step by somebody whose step it is not', () => {
    expect(takeStep('review', at('fitted'), administrator, said)).toEqual({ ok: false, problem: 'not_yours' })
    expect(takeStep('put_in_use', at('reviewed'), evaluator, said)).toEqual({ ok: false, problem: 'not_yours' })
    expect(takeStep('put_in_use', at('reviewed'), manager, said)).toEqual({ ok: false, problem: 'not_yours' })
    expect(takeStep('retire', at('in_use'), { ...manager, roles: ['adviser'] }, said)).toMatchObject({ ok: false })
  })

  test('is not put in use without a review, and never comes back once retired', () => {
    expect(takeStep('put_in_use', at('fitted'), administrator, said)).toEqual({ ok: false, problem: 'not_from_here' })
    for (const step of lifeSteps) {
      expect(
        takeStep(step, at('retired'), { ...both, roles: ['evaluator', 'manager', 'administrator'] }, said),
      ).toEqual({
        ok: false,
        problem: 'not_from_here',
      })
    }
    expect(stepsOpen(at('retired'), ['evaluator', 'manager', 'administrator'])).toEqual([])
  })

  test('is not put in use by its reviewer while somebody else could, and is where nobody could', () => {
    const reviewed = at('reviewed', both.id)
    expect(takeStep('put_in_use', reviewed, both, said)).toEqual({ ok: false, problem: 'same_person' })
    expect(takeStep('put_in_use', reviewed, administrator, said)).toMatchObject({ ok: true })
    expect(takeStep('put_in_use', reviewed, both, { ...said, isAnotherThere: false })).toMatchObject({ ok: true })
  })

  test('is neither reviewed nor retired without a word why', () => {
    expect(takeStep('review', at('fitted'), evaluator, { ...said, note: ' ' })).toEqual({
      ok: false,
      problem: 'note_missing',
    })
    expect(takeStep('retire', at('in_use'), manager, { ...said, note: '' })).toEqual({
      ok: false,
      problem: 'note_missing',
    })
  })
})

test('whatever steps are tried, the state is the one that the kept events lead to', () => {
  const all = { ...both, roles: ['evaluator', 'manager', 'administrator'] }
  fc.assert(
    fc.property(fc.array(fc.constantFrom<LifeStep>(...lifeSteps), { maxLength: 12 }), (steps) => {
      const events: LifeEventKind[] = ['fitted']
      let state: LifeState = 'fitted'
      for (const step of steps) {
        const taken = takeStep(step, at(state), all, said)
        if (!taken.ok) continue
        events.push(taken.value.event)
        state = taken.value.to
      }
      expect(replay(events)).toBe(state)
      expect(lifeStates).toContain(state)
    }),
  )
  expect(() => replay(['fitted', 'put_in_use'])).toThrow(/fitted was put_in_use/)
  expect(() => replay(['reviewed'])).toThrow(/begins/)
})
