import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FormBody } from '#platform/http/form.ts'
import type { Answer } from '../answers.ts'
import { fieldName } from '../field-name.ts'
import { questionsOf, type Question } from '../instrument.ts'
import { anInstrument, anyAnswered, group, question } from '../instrument.factory.ts'
import type { Field } from './contract.ts'
import { ask, checkAnswers } from './every-type.item.ts'
import { plainSay } from './say.factory.ts'

describe('every type of question', () => {
  it('shows its answers in a field that gives the same answers back', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument, answers }) => {
        for (const asked of questionsOf(instrument.items)) {
          const given = answers.get(asked.linkId) ?? []
          const field = ask(asked).field({ given, typed: null, say: plainSay })
          const read = ask(asked).parse(asTyped(asked, field))
          expect(read).toEqual({ ok: true, value: given })
        }
      }),
    )
  })

  it('shows again what was typed, whatever it was', () => {
    fc.assert(
      fc.property(anyAnswered, fc.string({ maxLength: 30 }), ({ instrument }, typed) => {
        for (const asked of questionsOf(instrument.items)) {
          const body = { [fieldName(asked.linkId)]: typed, [`${fieldName(asked.linkId)}-other`]: typed }
          const field = ask(asked).field({ given: [], typed: body, say: plainSay })
          if (field.kind === 'input') expect(field.value).toBe(typed.trim())
        }
      }),
    )
  })

  it('has one line of summary for each answer', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument, answers }) => {
        for (const asked of questionsOf(instrument.items)) {
          const given = answers.get(asked.linkId) ?? []
          expect(ask(asked).summary(given, plainSay)).toHaveLength(given.length)
        }
      }),
    )
  })

  it('takes a form without its field as no answer', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument }) => {
        for (const asked of questionsOf(instrument.items)) expect(ask(asked).parse({})).toEqual({ ok: true, value: [] })
      }),
    )
  })
})

describe('what must be answered', () => {
  const instrument = anInstrument([
    question('boolean', 'a', { required: true }),
    question('string', 'b', { required: true, enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }] }),
    group('g', [question('string', 'c'), question('string', 'd')], { required: true }),
  ])
  const problems = (answers: ReadonlyMap<string, readonly Answer[]>) =>
    checkAnswers(instrument, answers, instrument.items).map(({ linkId, key }) => `${linkId} ${key}`)

  it('is asked for only while it shows', () => {
    expect(problems(new Map())).toEqual(['a assessment.answer.missing', 'c assessment.answer.missing'])
    const yes = new Map([['a', [{ kind: 'yes_no' as const, yes: true }]]])
    expect(problems(yes)).toContain('b assessment.answer.missing')
  })

  it('of a required group is any one answer in it', () => {
    const some = new Map<string, readonly Answer[]>([
      ['a', [{ kind: 'yes_no', yes: false }]],
      ['d', [{ kind: 'text', text: 'x' }]],
    ])
    expect(problems(some)).toEqual([])
  })
})

describe('the name of a field', () => {
  it('is safe in HTML, and no two link ids share one', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(fieldName(one)).toMatch(/^q-[A-Za-z0-9_-]+$/)
        if (one !== other) expect(fieldName(one)).not.toBe(fieldName(other))
      }),
    )
  })
})

/** The form that a browser would post for this field. */
function asTyped(asked: Question, field: Field): FormBody {
  const name = fieldName(asked.linkId)
  if (field.kind === 'input') return { [name]: field.value }
  if (field.kind === 'date') return Object.fromEntries(field.parts.map((part) => [`${name}-${part.name}`, part.value]))
  const chosen = field.options.filter((option) => option.isChosen)
  const other = field.options.find((option) => option.otherText !== null)
  return {
    [name]: chosen.map((option) => option.value),
    ...(other ? { [`${name}-other`]: other.otherText ?? '' } : {}),
  }
}
