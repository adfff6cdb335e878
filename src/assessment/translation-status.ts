// Which texts of an instrument can be read in a language, and which are still to be translated.

import { everyItem, languagesOf, type Instrument, type Words } from './instrument.ts'

export interface Missing {
  /** The item; null for the title and the description. */
  readonly linkId: string | null
  readonly part: 'title' | 'description' | 'words' | 'option'
  /** In the instrument's own language. */
  readonly text: string
}

export interface TranslationStatus {
  readonly language: string
  readonly texts: number
  readonly translated: number
  /** In the order of the set. */
  readonly missing: readonly Missing[]
}

/** The status in a language: a text counts as translated when a reader of it gets words in it (`ar-EG` also by `ar`). */
export function translationStatus(instrument: Instrument, language: string): TranslationStatus {
  const texts = textsOf(instrument)
  const [root = language] = language.split('-')
  const missing = texts.flatMap(({ words, ...place }): Missing[] => {
    const isThere = words.translations[language] !== undefined || words.translations[root] !== undefined
    return isThere ? [] : [{ ...place, text: words.text }]
  })
  return { language, texts: texts.length, translated: texts.length - missing.length, missing }
}

/** The status in each language that the set has any words in, besides its own. */
export function everyTranslationStatus(instrument: Instrument): readonly TranslationStatus[] {
  return languagesOf(instrument)
    .filter((language) => language !== instrument.language)
    .map((language) => translationStatus(instrument, language))
}

interface Text extends Omit<Missing, 'text'> {
  readonly words: Words
}

/** Every text that a person reads; a group without words has none. */
function textsOf({ title, description, items }: Instrument): readonly Text[] {
  return [
    { linkId: null, part: 'title', words: title },
    ...(description ? [{ linkId: null, part: 'description', words: description } as const] : []),
    ...[...everyItem(items)].flatMap(({ item }): Text[] => [
      ...(item.words.text === '' ? [] : [{ linkId: item.linkId, part: 'words', words: item.words } as const]),
      ...('options' in item
        ? item.options.map(({ words }) => ({ linkId: item.linkId, part: 'option', words }) as const)
        : []),
    ]),
  ]
}
