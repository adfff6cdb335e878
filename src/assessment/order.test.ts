import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { facts } from '#directory/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import { withAnswers, withoutDisabled, type Answer, type Answers } from './answers.ts'
import { anyAnswersTo } from './instrument.factory.ts'
import type { Instrument } from './instrument.ts'
import { shippedInstruments } from './instruments.store.ts'
import { deriveProfile, type AnsweredInstrument } from './profile.ts'
import { parseInstrument } from './questionnaire.ts'
import { scoreOf } from './score.ts'

const on = '2026-03-02' as CalendarDay
const instruments = shippedInstruments.map((json) => {
  const read = parseInstrument(json, facts)
  if (!read.ok) throw new Error(JSON.stringify(read.problem))
  return read.value
})

interface Answered {
  readonly instrument: Instrument
  readonly answers: Answers
  readonly order: readonly (readonly [string, readonly Answer[]])[]
}

/** Answers to a real instrument, and the same answers in another order; now and then a question is answered twice over. */
const anyOrder = (instrument: Instrument): fc.Arbitrary<Answered> =>
  anyAnswersTo(instrument).chain((answers) =>
    fc
      .shuffledSubarray([...answers], { minLength: answers.size, maxLength: answers.size })
      .map((order) => ({ instrument, answers, order })),
  )

/** Answers given one at a time, as pages save them: what stands before is kept until it is answered anew. */
const oneByOne = ({ order }: Answered): Answers =>
  order.reduce<Answers>((answers, [linkId, given]) => withAnswers(answers, new Map([[linkId, given]])), new Map())

const kept = (instrument: Instrument, answers: Answers, assessmentId: string): AnsweredInstrument => {
  return { assessmentId, instrument, answers: withoutDisabled(instrument, answers), answeredOn: on }
}

describe('the order in which questions are answered', () => {
  it('changes neither the profile nor any score, in each of the real instruments and in all together', () => {
    const all = fc.tuple(...instruments.map(anyOrder))
    fc.assert(
      fc.property(all, (each) => {
        const asked = each.map(({ instrument, answers }, index) => kept(instrument, answers, String(index)))
        const shuffled = each.map((one, index) => kept(one.instrument, oneByOne(one), String(index)))
        expect(deriveProfile(shuffled, facts, on)).toEqual(deriveProfile(asked, facts, on))
        shuffled.forEach(({ instrument, answers }, index) => {
          expect(scoreOf(instrument, answers)).toEqual(scoreOf(instrument, asked[index]!.answers))
          expect(answers).toEqual(asked[index]!.answers)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('changes nothing when an answer is corrected on the way: the last word counts, wherever it came', () => {
    const [instrument] = instruments
    fc.assert(
      fc.property(anyAnswersTo(instrument!), anyOrder(instrument!), (first, then) => {
        // Whatever was said before, what is said last of each question is what counts; the rest stays from before.
        const after = withAnswers(first, then.answers)
        const slowly = then.order.reduce<Answers>(
          (answers, [linkId, given]) => withAnswers(answers, new Map([[linkId, given]])),
          first,
        )
        const profile = (answers: Answers) => deriveProfile([kept(instrument!, answers, 'a')], facts, on)
        expect(profile(slowly)).toEqual(profile(after))
      }),
      { numRuns: 60 },
    )
  })
})
