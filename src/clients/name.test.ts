import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { typingErrors } from '#platform/typing-errors.ts'
import { nearForms, soundOf, wordsOfName } from './name.ts'

describe('the words of a name', () => {
  it('lose accents, capitals and punctuation', () => {
    expect(wordsOfName('Müller-Ölçer', "Zoë  O'Brien")).toEqual(['muller', 'olcer', 'zoe', 'obrien'])
    expect(wordsOfName('Łukasz Straße', null)).toEqual(['lukasz', 'strasse'])
  })

  it('come in Latin letters, whatever the script', () => {
    expect(wordsOfName('Юлия Шевченко')).toEqual(['yuliya', 'shevchenko'])
    expect(wordsOfName('Γιώργος')).toEqual(['giorgos'])
    expect(wordsOfName('يوسف')).toEqual(['yusf'])
  })

  it('stay as they are in scripts that are not spelled letter by letter', () => {
    expect(wordsOfName('李 小龙')).toEqual(['李', '小龙'])
  })

  it('are none where nothing is a letter', () => {
    expect(wordsOfName('  -- 12 ', null, undefined)).toEqual([])
  })

  it('are folded once and for all: folding again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        const words = wordsOfName(name)
        expect(wordsOfName(words.join(' '))).toEqual(words)
      }),
    )
  })
})

describe('the sound of a word', () => {
  it.each([
    [['Mohammed', 'Muhammad', 'Mohamad', 'Muhamed', 'محمد', 'Мухаммад']],
    [['Yusuf', 'Jusuf', 'Youssef', 'Yousef', 'يوسف', 'Юсуф']],
    [['Fatima', 'Fatimah', 'Fatema', 'فاطمة', 'Фатима']],
    [['Sergej', 'Sergey', 'Sergei', 'Сергей']],
    [['Aisha', 'Aicha', 'Aysha', 'Ayşa']],
    [['Oleksandr', 'Олександр']],
    [['Novak', 'Nowak']],
    [['Philip', 'Filip', 'Phillip']],
  ])('is one for the spellings of a name: %j', (spellings) => {
    // An ş is an s with a mark: the sound of sh is lost with it, which these names bear.
    expect(new Set(spellings.map((name) => soundOf(wordsOfName(name)[0] ?? ''))).size).toBe(1)
  })

  it('keeps different names apart', () => {
    expect(new Set(['marta', 'maria', 'mirko', 'ahmed', 'hamid', 'tamara'].map(soundOf)).size).toBe(6)
  })
})

describe('typing errors', () => {
  it('count letters wrong, missing, added and swapped', () => {
    expect(typingErrors('maria', 'maria')).toBe(0)
    expect(typingErrors('maria', 'mario')).toBe(1)
    expect(typingErrors('maria', 'mara')).toBe(1)
    expect(typingErrors('maria', 'mairia')).toBe(1)
    expect(typingErrors('maria', 'maira')).toBe(1)
    expect(typingErrors('', 'abc')).toBe(3)
  })

  it('are the same from either side, and none only for equal words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 9 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(typingErrors(a, b)).toBe(typingErrors(b, a))
        expect(typingErrors(a, b) === 0).toBe(a === b)
      }),
    )
  })

  it('of one leave two words of four letters or more a form in common, so that equal keys find them', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 4, maxLength: 9 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        if (typingErrors(a, b) <= 1) expect(nearForms(a).some((form) => nearForms(b).includes(form))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
