import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { facts } from '#directory/index.ts'
import { everyItem, isVoluntary, languagesOf, pagesOf, questionsOf, type Instrument } from './instrument.ts'
import { shippedInstruments } from './instruments.store.ts'
import { factsToldBy } from './profile.ts'
import { parseInstrument } from './questionnaire.ts'

function parsed(json: unknown): Instrument {
  const read = parseInstrument(json, facts)
  if (!read.ok) throw new Error(JSON.stringify(read.problem))
  return read.value
}
const instruments = shippedInstruments.map(parsed)
const questions = instruments.flatMap(({ items }) => questionsOf(items))

describe('the instruments that come with every network', () => {
  it('are those in the folder, and each can be read', () => {
    const folder = new URL('./instruments/', import.meta.url)
    const files = readdirSync(folder).map((name) => parsed(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))).url)
    expect(files.toSorted()).toEqual(instruments.map(({ url }) => url).toSorted())
    expect(instruments.map(({ title }) => title.text)).toEqual([
      'First conversation',
      'Skills and work',
      'What matters to you',
    ])
  })

  it('ask nothing that must be answered', () => {
    expect(questions.filter(({ isRequired }) => isRequired)).toEqual([])
  })

  it('have a heading on every page, and pages that an adviser can finish in one sitting', () => {
    for (const instrument of instruments) {
      for (const page of pagesOf(instrument)) {
        expect(page.words.text).not.toBe('')
        expect(questionsOf(page.items).length).toBeLessThanOrEqual(14)
      }
    }
  })

  it('fill only facts that are known, and of these all that a conversation can tell', () => {
    const told = new Set(questions.flatMap(factsToldBy))
    for (const fact of told) expect(Object.keys(facts)).toContain(fact)
    // The age and the area come from the client's record.
    expect(Object.keys(facts).filter((fact) => !told.has(fact))).toEqual(['age', 'residence_area'])
  })

  it('let people keep protected facts, health, law and safety to themselves', () => {
    const definitions: readonly (readonly [string, object])[] = Object.entries(facts)
    const protectedFacts = definitions.filter(([, definition]) => 'isProtected' in definition).map(([code]) => code)
    expect(protectedFacts).toContain('disability')
    const sensitive = ['health', 'safety', 'debt', 'legal', 'work-permission', 'benefit', 'school']
    for (const question of questions) {
      const mustBeVoluntary =
        factsToldBy(question).some((fact) => protectedFacts.includes(fact)) || sensitive.includes(question.linkId)
      if (mustBeVoluntary) expect([question.linkId, isVoluntary(question)]).toEqual([question.linkId, true])
    }
  })

  it('speak in short sentences', () => {
    const texts = instruments.flatMap(({ items }) => [...everyItem(items)].map(({ item }) => item.words.text))
    const sentences = texts.flatMap((text) => text.split(/(?<=[.?…])\s+/))
    for (const sentence of sentences) expect([sentence, sentence.split(/\s+/).length <= 20]).toEqual([sentence, true])
    expect(readingAge(sentences)).toBeLessThan(11)
  })

  it('say of themselves in which language they are', () => {
    for (const instrument of instruments) expect(languagesOf(instrument)).toEqual(['en'])
  })
})

/** Flesch–Kincaid grade of the sentences, plus five: the age at which they are read with ease (Kincaid et al. 1975). */
function readingAge(sentences: readonly string[]): number {
  const words = sentences.flatMap((sentence) => sentence.toLowerCase().match(/[a-z’']+/g) ?? [])
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word), 0)
  return 0.39 * (words.length / sentences.length) + 11.8 * (syllables / words.length) - 15.59 + 5
}

/** Groups of vowels, without a silent e at the end. */
function syllablesIn(word: string): number {
  const groups = word.replace(/(?<=[^aeiouyl])e$/, '').match(/[aeiouy]+/g) ?? []
  return Math.max(1, groups.length)
}
