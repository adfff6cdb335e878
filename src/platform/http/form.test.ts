import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  optionalInteger,
  optionalText,
  readDay,
  readForm,
  requiredText,
  someOf,
  textOf,
  textsOf,
  ticked,
} from './form.ts'

describe('a form', () => {
  const schema = z.object({
    name: requiredText('staff.member.name_missing', 10),
    note: optionalText(),
    roles: someOf(['a', 'b']),
    agreed: ticked(),
    age: optionalInteger(0, 120),
  })

  test('gives trimmed values', () => {
    const form = readForm(schema, { name: '  Ada \r\n', roles: 'a', agreed: 'on', age: ' 40 ' })
    expect(form).toEqual({ ok: true, value: { name: 'Ada', note: null, roles: ['a'], agreed: true, age: 40 } })
  })

  test('says one problem a field, by key', () => {
    const form = readForm(schema, { name: ' ', roles: ['a', 'z'], age: '130' })
    expect(form.ok).toBe(false)
    expect(form.ok ? [] : form.problem).toEqual([
      { field: 'name', key: 'staff.member.name_missing' },
      { field: 'roles-1', key: 'platform.form.unusable' },
      { field: 'age', key: 'platform.form.integer_between', values: { min: 0, max: 120 } },
    ])
  })

  test('takes whatever is typed without failing', () => {
    const field = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string()))
    fc.assert(
      fc.property(
        fc.record({ name: field, note: field, roles: field, agreed: field, age: field }, { requiredKeys: [] }),
        (body) => {
          const form = readForm(schema, body)
          return form.ok
            ? [...form.value.name].length <= 10 && !form.value.name.includes('\u0000')
            : form.problem.length > 0
        },
      ),
    )
  })
})

test('a text as typed holds no NUL, which PostgreSQL refuses', () => {
  expect(textOf({ words: ' a\u0000b\u0000 ' }, 'words')).toBe('ab')
  expect(textsOf({ words: ['\u0000', 'c'] }, 'words')).toEqual(['', 'c'])
})

describe('a day', () => {
  test('in three fields or one', () => {
    expect(readDay({ 'born-day': '7', 'born-month': '3', 'born-year': '1985' }, 'born')).toEqual({
      ok: true,
      value: '1985-03-07',
    })
    expect(readDay({ born: '1985-03-07' }, 'born')).toEqual({ ok: true, value: '1985-03-07' })
    expect(readDay({}, 'born')).toEqual({ ok: true, value: null })
  })

  test('that does not exist is a problem of its field', () => {
    expect(readDay({ 'born-day': '31', 'born-month': '2', 'born-year': '1985' }, 'born')).toEqual({
      ok: false,
      problem: [{ field: 'born', key: 'platform.form.no_such_day' }],
    })
  })
})
