import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRequirement, definitionOf, factNature, factsOf, type Facts, type Rule } from '#directory/index.ts'
import { whatCouldChange, type AskingService } from '../changes/what-could-change.ts'
import { raiseInForm, readRaise } from './plan.reader.ts'
import { addStep, moveStep, placed, removeStep, type Judging, type Plan, type Step } from './plan.ts'
import { bestStanding, type Checking } from './standing.ts'
import { suggestSequences } from './suggest.ts'

const checking: Checking = { checkRequirement, factsOf, definitionOf, natureOf: factNature }
const facts: Facts = { language_level: 'A2', driving_licence: false, documents: [], schooling: 'primary', age: 40 }

const rulesOf: Readonly<Record<string, readonly Rule[]>> = {
  language_training: [],
  vocational_training: [{ kind: 'language', atLeast: 'B1' }],
  work_experience: [
    { kind: 'language', atLeast: 'B1' },
    { kind: 'yes_no', fact: 'driving_licence', is: true },
  ],
  bridging: [{ kind: 'schooling', atLeast: 'degree' }],
  mentoring: [{ kind: 'documents', all: ['cv'] }],
  supported_employment: [{ kind: 'age', to: 25 }],
}
const judging: Judging = {
  facts,
  definitionOf,
  standingOf: ({ type }, known) =>
    bestStanding(type === null ? [{ rules: [] }] : [{ rules: rulesOf[type] ?? [] }], known, checking),
}
let count = 0
const aStep = (type: string | null, raises: Step['raises'] = null): Step => {
  const words = { aim: '', client: '', adviser: '' }
  return { id: `step ${count++}`, type, serviceId: null, raises, ...words, isDone: false, isAnyway: false }
}
const language = () => aStep('language_training', { fact: 'language_level', to: 'B1' })
const add = (plan: Plan, step: Step, isAnyway = false) => addStep(plan, step, { ...judging, isAnyway })
const planOf = (...steps: readonly Step[]) =>
  steps.reduce<Plan>((plan, step) => {
    const added = add(plan, step, true)
    return added.ok ? added.value : plan
  }, [])
const types = (plan: Plan) => plan.map(({ type }) => type)

describe('what a step needs first', () => {
  test('is what its rules ask, nobody has said no to, and help can change', () => {
    const [weld, both, degree] = ['vocational_training', 'work_experience', 'bridging'].map((type) =>
      judging.standingOf(aStep(type), facts),
    )
    expect(weld).toEqual({ kind: 'needs', raises: [{ fact: 'language_level', to: 'B1' }] })
    expect(both).toMatchObject({ raises: [{ fact: 'language_level' }, { fact: 'driving_licence', to: true }] })
    expect(degree).toMatchObject({ raises: [{ fact: 'schooling', to: 'degree' }] })
    expect(judging.standingOf(aStep('supported_employment'), facts)).toEqual({ kind: 'closed' })
    expect(judging.standingOf(aStep('work_experience'), { language_level: 'A2' })).toMatchObject({
      kind: 'not_known',
      facts: ['driving_licence'],
    })
  })

  test('of a kind is the least that opens one of its services', () => {
    const services = [{ rules: rulesOf['work_experience']! }, { rules: rulesOf['vocational_training']! }]
    expect(bestStanding(services, facts, checking)).toMatchObject({ raises: [{ fact: 'language_level' }] })
    expect(bestStanding([...services, { rules: [] }], facts, checking)).toEqual({ kind: 'open' })
    expect(bestStanding([], facts, checking)).toEqual({ kind: 'none' })
  })

  test('is told with the steps that lead there; a step that leads less far does not', () => {
    const [short, long] = [aStep('language_training', { fact: 'language_level', to: 'A2' }), language()]
    const [, , weld] = placed([short, long, aStep('vocational_training')], judging)
    expect(weld).toMatchObject({ needs: [{ before: [long.id], after: [] }], isTooEarly: false })
  })

  test('is no longer asked of a step that is done', () => {
    const [weld] = placed([{ ...aStep('vocational_training'), isDone: true }, language()], judging)
    expect(weld).toMatchObject({ needs: [], isTooEarly: false })
  })
})

describe('the order of a plan', () => {
  test('a step that another needs goes before it', () => {
    expect(types(planOf(aStep('vocational_training'), aStep('mentoring'), language()))).toEqual([
      'language_training',
      'vocational_training',
      'mentoring',
    ])
  })

  test('a step moves before what it needs only when the adviser says so, and then it is marked', () => {
    const [course, weld] = [language(), aStep('vocational_training')]
    const plan = planOf(course, weld)
    const refusal = moveStep(plan, weld.id, 'up', { ...judging, isAnyway: false })
    expect(refusal).toMatchObject({ ok: false, problem: { kind: 'too_early', step: { id: weld.id }, first: course } })
    const moved = moveStep(plan, weld.id, 'up', { ...judging, isAnyway: true })
    expect(moved).toMatchObject({ ok: true, value: [{ id: weld.id, isAnyway: true }, { isAnyway: false }] })
    // Back in its place it is marked no more.
    const back = moveStep(moved.ok ? moved.value : [], weld.id, 'down', { ...judging, isAnyway: false })
    expect(back.ok && back.value.map(({ isAnyway }) => isAnyway)).toEqual([false, false])
  })

  test('at the edge nothing moves', () => {
    const plan = planOf(language(), aStep('mentoring'))
    expect(moveStep(plan, plan[0]!.id, 'up', { ...judging, isAnyway: false })).toEqual({ ok: true, value: plan })
    expect(moveStep(plan, 'nobody', 'up', { ...judging, isAnyway: false })).toEqual({ ok: true, value: plan })
  })

  const raises = fc.constantFrom<Step['raises']>(
    null,
    ...(['A2', 'B1', 'B2'] as const).map((to) => ({ fact: 'language_level' as const, to })),
    { fact: 'driving_licence', to: true },
    { fact: 'schooling', to: 'degree' },
    { fact: 'documents', to: ['cv'] },
  )
  const act = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), type: fc.constantFrom(...Object.keys(rulesOf)), raises }),
    fc.record({
      kind: fc.constant('move' as const),
      at: fc.nat(8),
      way: fc.constantFrom('up' as const, 'down' as const),
    }),
    fc.record({ kind: fc.constant('remove' as const), at: fc.nat(8) }),
  )
  type Act = typeof act extends fc.Arbitrary<infer One> ? One : never
  const after = (plan: Plan, one: Act, isAnyway: boolean): Plan => {
    const asked = { ...judging, isAnyway }
    const id = one.kind === 'add' ? '' : (plan[one.at]?.id ?? '')
    const done =
      one.kind === 'add'
        ? addStep(plan, aStep(one.type, one.raises), asked)
        : one.kind === 'move'
          ? moveStep(plan, id, one.way, asked)
          : removeStep(plan, id, asked)
    return done.ok ? done.value : plan
  }

  test('whatever is done, a step stands before what it needs only where the adviser said so, and then it is marked', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 12 }), (acts) => {
        let plan: Plan = []
        const hasSaidSo = acts.some(([, isAnyway]) => isAnyway)
        for (const [one, isAnyway] of acts) {
          plan = after(plan, one, isAnyway)
          for (const { step, isTooEarly } of placed(plan, judging)) expect(step.isAnyway).toBe(isTooEarly)
          if (!hasSaidSo) expect(plan.every((step) => !step.isAnyway)).toBe(true)
        }
      }),
    )
  })
})

describe('a suggested sequence', () => {
  const service = (name: string, type: string): AskingService => ({ id: name, name, type, rules: rulesOf[type] ?? [] })
  const suggest = (gains: Readonly<Record<string, number>>, services: readonly AskingService[], known = facts) => {
    const map = new Map(Object.entries(gains))
    const openTypes = new Set(
      services
        .filter(({ rules }) => bestStanding([{ rules }], known, checking).kind === 'open')
        .flatMap(({ type }) => type ?? []),
    )
    const outlook = whatCouldChange({ facts: known, services, gains: map, ...checking })
    return suggestSequences({ outlook, openTypes, gains: map })
  }
  const [course, weld] = [service('Speak', 'language_training'), service('Weld', 'vocational_training')]

  test('is first the help that is open, then the kind that it opens, where that adds enough', () => {
    expect(suggest({ vocational_training: 0.2, language_training: 0.05 }, [course, weld])).toMatchObject([
      { first: 'language_training', raise: { to: 'B1' }, then: 'vocational_training', services: [{ name: 'Weld' }] },
    ])
  })

  test('is none where the help itself is not open, the second is open already, or it adds little', () => {
    expect(suggest({ vocational_training: 0.2 }, [weld])).toEqual([])
    expect(suggest({ vocational_training: 0.2 }, [course, weld], { ...facts, language_level: 'B1' })).toEqual([])
    expect(suggest({ vocational_training: 0.05, mentoring: 0.2 }, [course, weld])).toEqual([])
    expect(suggest({}, [course, weld])).toEqual([])
  })

  test('never rests on a fact that nobody can be asked to change', () => {
    const young = service('Start', 'supported_employment')
    expect(suggest({ supported_employment: 0.3 }, [course, young])).toEqual([])
  })
})

test('what a step leads to goes through a form and back; what nobody can be asked to change does not', () => {
  for (const raise of [
    { fact: 'language_level', to: 'B1' },
    { fact: 'driving_licence', to: true },
    { fact: 'documents', to: ['cv', 'identity'] },
    { fact: 'work_permission', to: 'yes' },
  ] as const)
    expect(readRaise(raiseInForm(raise))).toEqual(raise)
  for (const text of ['', 'age:20', 'disability:true', 'language_level:Z9', 'driving_licence:false', 'children:1'])
    expect(readRaise(text)).toBe(null)
})
