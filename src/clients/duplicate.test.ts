import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, parseDay, type CalendarDay } from '#platform/dates.ts'
import {
  compare,
  compareBirthDates,
  compareNames,
  isLikelyTheSame,
  likelyDuplicates,
  type Likeness,
} from './duplicate.ts'
import { wordsOfName } from './name.ts'

function aPerson(name: string, familyName: string | null, birth?: string, ...phones: string[]): Likeness {
  return { name, familyName, birthDate: birth ? parseDay(birth) : null, phones }
}

const names = (a: string, b: string) => compareNames(wordsOfName(a), wordsOfName(b))

describe('two names', () => {
  it('are the same without accents and capitals, and with given and family name swapped', () => {
    expect(names('José Núñez', 'jose nunez')).toBe('same')
    expect(names('Nguyen Van', 'Van Nguyen')).toBe('same')
    expect(names('Abdul Rahman', 'Abdulrahman')).toBe('same')
  })

  it('are close with a typing error, or without a middle name', () => {
    expect(names('Katarina Horvat', 'Katarnia Horvat')).toBe('close')
    expect(names('Anna Maria Lopez', 'Anna Lopez')).toBe('close')
    expect(names('Müller', 'Mueller')).toBe('close')
  })

  it('sound alike in another spelling', () => {
    expect(names('Mohammed Yusuf', 'Muhamad Youssef')).toBe('sounds_alike')
    expect(names('محمد يوسف', 'Mohammed Youssef')).toBe('sounds_alike')
  })

  it('agree in part when one word is the same, and not for short names one letter apart', () => {
    expect(names('Fatima', 'Fatima Noor')).toBe('part')
    expect(names('Amina Berg', 'Amina Keller')).toBe('part')
    expect(names('Ana', 'Ada')).toBe('different')
  })
})

describe('two birth dates', () => {
  it('are near with day and month swapped or one digit wrong, and unknown where one is missing', () => {
    const day = parseDay('1990-03-04')
    expect(compareBirthDates(day, parseDay('1990-04-03'))).toBe('near')
    expect(compareBirthDates(day, parseDay('1990-03-14'))).toBe('near')
    expect(compareBirthDates(day, parseDay('1991-03-14'))).toBe('different')
    expect(compareBirthDates(day, null)).toBe('unknown')
  })
})

describe('a file is shown as a possible duplicate', () => {
  const shown = (a: Likeness, b: Likeness) => isLikelyTheSame(compare(a, b))

  it('for the same or nearly the same name, when nothing else is known', () => {
    expect(shown(aPerson('Leila', 'Haddad'), aPerson('Leila', 'Hadad'))).toBe(true)
  })

  it('not for the same name with another birth date, unless the phone is the same', () => {
    expect(shown(aPerson('Leila', 'Haddad', '1990-05-06'), aPerson('Leila', 'Haddad', '1971-11-20'))).toBe(false)
    const one = aPerson('Leila', 'Haddad', '1990-05-06', '+41791112233')
    expect(shown(one, aPerson('Leila', 'Haddad', '1971-11-20', '0791112233'))).toBe(true)
  })

  it('for a name that sounds alike only with a birth date or phone beside it', () => {
    expect(shown(aPerson('Mohammed', 'Yusuf'), aPerson('Muhamad', 'Youssef'))).toBe(false)
    expect(shown(aPerson('Mohammed', 'Yusuf', '1990-03-04'), aPerson('Muhamad', 'Youssef', '1990-04-03'))).toBe(true)
  })

  it('for part of the name with the same birth date or the same phone', () => {
    expect(shown(aPerson('Fatima', null, '1985-01-02'), aPerson('Fatima', 'Noor', '1985-01-02'))).toBe(true)
    expect(shown(aPerson('Fatima', null), aPerson('Fatima', 'Noor'))).toBe(false)
  })

  it('not for a relative who shares the phone', () => {
    expect(
      shown(
        aPerson('Omar', 'Haddad', '2001-05-06', '0791112233'),
        aPerson('Leila', 'Haddad', '1970-02-01', '0791112233'),
      ),
    ).toBe(false)
  })

  it('with the likeliest first', () => {
    const files = [aPerson('Leila', 'Hadad'), aPerson('Leila', 'Haddad', '1990-05-06'), aPerson('Urs', 'Berger')]
    const found = likelyDuplicates(aPerson('Leila', 'Haddad', '1990-05-06'), files)
    expect(found.map(({ file }) => file)).toEqual([files[1], files[0]])
  })
})

describe('comparing', () => {
  const letter = fc.constantFrom(...'abdehilmnorstuyмухаدمح é'.split(''))
  const word = fc.string({ unit: letter, maxLength: 14 })
  const start: CalendarDay = parseDay('1950-01-01')!
  const person: fc.Arbitrary<Likeness> = fc.record({
    name: word.map((text) => `A${text}`),
    familyName: fc.option(word),
    birthDate: fc.option(fc.integer({ min: 0, max: 20_000 }).map((days) => addDays(start, days))),
    phones: fc.array(fc.stringMatching(/^[0-9]{9}$/), { maxLength: 2 }),
  })

  it('is the same from either side', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        expect(compare(a, b)).toEqual(compare(b, a))
      }),
      { numRuns: 1000 },
    )
  })

  it('always finds the person themself', () => {
    fc.assert(
      fc.property(person, (one) => {
        expect(isLikelyTheSame(compare(one, one))).toBe(true)
      }),
    )
  })

  it('never falls when a birth date or phone that agrees becomes known', () => {
    fc.assert(
      fc.property(person, person, (a, b) => {
        const day = parseDay('1988-08-08')
        const known = compare({ ...a, birthDate: day }, { ...b, birthDate: day })
        expect(known.points).toBeGreaterThanOrEqual(
          compare({ ...a, birthDate: null }, { ...b, birthDate: null }).points,
        )
      }),
    )
  })
})
