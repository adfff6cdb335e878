import { expect, it } from 'vitest'
import { anInstrument, question } from '../instrument.factory.ts'
import { questionsOf } from '../instrument.ts'
import { ask } from './every-type.item.ts'
import { plainSay } from './say.factory.ts'

const asked = ask(questionsOf(anInstrument([question('boolean', 'a')]).items)[0]!)

it('yes and no are answers, anything else is refused', () => {
  expect(asked.parse({ 'q-a': 'false' })).toEqual({ ok: true, value: [{ kind: 'yes_no', yes: false }] })
  expect(asked.parse({ 'q-a': 'maybe' })).toMatchObject({ problem: { key: 'assessment.answer.no_such_option' } })
})

it('an answer can be taken back', () => {
  const field = asked.field({ given: [{ kind: 'yes_no', yes: true }], typed: null, say: plainSay })
  expect(field).toMatchObject({ options: [{ isChosen: true }, { isChosen: false }, { value: '' }] })
})
