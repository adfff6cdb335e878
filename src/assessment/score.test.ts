import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from './answers.ts'
import { anInstrument, anyAnswered, coded, group, question, scored } from './instrument.factory.ts'
import { scoreOf } from './score.ts'

const chose = (key: string): readonly Answer[] => [{ kind: 'option', key }]

describe('a score adds up the ordinals of what was chosen', () => {
  const options = { answerOption: [scored('no', 0), scored('some', 1.5), scored('yes', 3), coded('rather-not')] }
  const instrument = anInstrument([
    group('one', [question('choice', 'a', options), question('choice', 'b', options)]),
    group('two', [question('choice', 'c', options), question('string', 'words')]),
    group('three', [question('string', 'more')]),
  ])

  it('for the whole and for a group', () => {
    const answers = new Map([
      ['a', chose('yes')],
      ['b', chose('some')],
      ['c', chose('yes')],
    ])
    expect(scoreOf(instrument, answers)).toEqual({ sum: 7.5, lowest: 0, highest: 9, answered: 3, missing: [] })
    expect(scoreOf(instrument, answers, instrument.items.slice(0, 1))).toMatchObject({ sum: 4.5, highest: 6 })
  })

  it('says which questions are missing, and counts an answer without an ordinal as missing', () => {
    const answers = new Map([
      ['a', chose('yes')],
      ['b', chose('rather-not')],
    ])
    expect(scoreOf(instrument, answers)).toMatchObject({ sum: 3, answered: 1, missing: ['b', 'c'] })
  })

  it('is none where nothing carries ordinals', () => {
    expect(scoreOf(instrument, new Map(), instrument.items.slice(2))).toBeNull()
  })

  it('lies within its bounds whenever nothing is missing', () => {
    fc.assert(
      fc.property(anyAnswered, ({ instrument: any, answers }) => {
        const score = scoreOf(any, answers)
        if (!score || score.missing.length > 0) return
        expect(score.sum).toBeGreaterThanOrEqual(score.lowest)
        expect(score.sum).toBeLessThanOrEqual(score.highest)
      }),
    )
  })
})
