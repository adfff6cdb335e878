import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { presentingIn } from '#platform/http/presenting.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { dayOfText, firstMeeting } from '../referral.factory.ts'
import { letterOf, letterText, type LetterFacts } from './letter.ts'
import { readersLanguage } from './letter.scene.ts'

const source = path.join(import.meta.dirname, '..', '..')
const catalogues = readCatalogues(source)
const english = presentingIn(catalogues.in('en'), 'Europe/Zurich')

const facts: LetterFacts = {
  ...{ reference: 'R-7K3F-2Q', clientName: 'Noor Haddad', networkName: 'Riverside', siteName: 'North centre' },
  ...{ adviserName: 'Mara Lind', serviceName: 'Baking', partnerName: 'Bakery School', networkZone: 'Europe/Zurich' },
  appointment: { ...firstMeeting, isHandover: true },
  beside: {
    ...{ directions: 'The green door', joining: '', askFor: '', accompanying: '', bring: '', phone: '+41 31 1' },
    accessibility: ['step_free'],
  },
  address: 'https://waypost.example/c/x',
  languageName: null,
}
const linesUnder = (heading: string, changed: Partial<LetterFacts> = {}) =>
  letterOf(english, { ...facts, ...changed })
    .blocks.find((block) => block.heading === heading)
    ?.lines.map(({ text }) => text)

describe('the letter', () => {
  test('says what, where, when, whom, how to get there, and that nothing bad happens', () => {
    const text = letterText(letterOf(english, facts))
    for (const words of [
      ...[
        'Thursday, 12 March 2026',
        '09:30',
        '4 Mill Lane',
        'You will meet Ada.',
        'Mara Lind from our centre comes with you',
      ],
      ...[
        'The green door',
        'You can get in without steps.',
        'Ring +41 31 1.',
        'Nothing bad happens.',
        '/c/x',
        'R-7K3F-2Q',
      ],
    ])
      expect(text).toContain(words)
    expect(text.split('\n').every((line) => line === '' || line.endsWith('\r'))).toBe(true)
  })

  test('leaves out what nobody said', () => {
    expect(linesUnder('What to bring')).toBeUndefined()
    expect(linesUnder('Interpreter')).toBeUndefined()
    const open = { ...facts.appointment, time: null, place: '', meeting: '', isHandover: false }
    expect(linesUnder('When', { appointment: open })).toEqual(['Thursday, 12 March 2026', 'We will tell you the time.'])
    expect(linesUnder('Where', { appointment: open })).toEqual(['We will tell you the place.'])
    expect(linesUnder('Who you will meet', { appointment: open })).toBeUndefined()
  })

  test('names the zone where the partner\u2019s clocks differ, and says the time on ours', () => {
    const elsewhere = { ...facts.appointment, zone: 'America/New_York', time: '18:30', minutes: 30 }
    expect(linesUnder('When', { appointment: elsewhere })).toEqual([
      'Thursday, 12 March 2026',
      '18:30 to 19:00 (Eastern Daylight Time)',
      'On our clocks that is 23:30 on Thursday, 12 March 2026.',
    ])
  })

  test('names the zone on a day when our clocks change, and on no other', () => {
    const on = (day: string, isSecondHour = false) =>
      linesUnder('When', {
        appointment: { ...facts.appointment, day: dayOfText(day), time: '02:30', isSecondHour },
      })?.[1]
    expect(on('2026-10-24')).toBe('02:30')
    expect(on('2026-10-25')).toBe('02:30 (Central European Summer Time)')
    expect(on('2026-10-25', true)).toBe('02:30 (Central European Standard Time)')
  })

  test('by phone or video says how to join instead of the way', () => {
    const call = { ...facts.appointment, means: 'video' as const }
    const beside = { ...facts.beside, joining: 'https://meet.example/x\nCode 12' }
    expect(linesUnder('Where', { appointment: call, beside })).toEqual(['https://meet.example/x', 'Code 12'])
    expect(linesUnder('How to get there', { appointment: call, beside })).toBeUndefined()
  })
})

describe('its language', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-words-'))
  const messages = path.join(folder, 'referrals', 'handover', 'messages')
  fs.mkdirSync(messages, { recursive: true })
  fs.copyFileSync(path.join(import.meta.dirname, 'messages', 'en.json'), path.join(messages, 'en.json'))
  afterAll(() => fs.rmSync(folder, { recursive: true }))

  test('is the client\u2019s as soon as there is a file of its words, and English till then, which the adviser is told', () => {
    expect(readersLanguage(catalogues, 'ar', 'en')).toEqual({ locale: 'en', missing: 'ar' })
    expect(readersLanguage(catalogues, null, 'en')).toEqual({ locale: 'en', missing: null })
    fs.writeFileSync(path.join(messages, 'ar.json'), JSON.stringify({ 'letter.title': 'موعدك' }))
    const more = readCatalogues(folder)
    expect(readersLanguage(more, 'ar-SY', 'en')).toEqual({ locale: 'ar', missing: null })
    expect(readersLanguage(more, 'ti', 'en')).toEqual({ locale: 'en', missing: 'ti' })
    const letter = letterOf(presentingIn(more.in('ar'), 'Europe/Zurich'), facts)
    expect(letter).toMatchObject({ locale: 'ar', direction: 'rtl', title: 'موعدك' })
  })
})
