// Every visible word: ICU messages in the `messages/` folder of the feature, or of the part of a feature, that speaks them.

import fs from 'node:fs'
import path from 'node:path'
import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { IntlMessageFormat } from 'intl-messageformat'
import { pseudoLocale, pseudoMessage, pseudoText } from './pseudo.ts'

export type MessageValue = string | number | boolean | Date | null | undefined

export type MessageValues = Readonly<Record<string, MessageValue>>

/** The words of one language. */
export interface Words {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  /** The message as plain text; values that read the other way are isolated. Throws when there is no such message. */
  t(key: string, values?: MessageValues): string
  /** The message as HTML: escaped, each textual value in `<bdi>`. */
  html(key: string, values?: MessageValues): string
  has(key: string): boolean
  /** Words that a formatter made (a month's name), as this locale shows them. */
  formatted(text: string): string
}

export interface Catalogues {
  /** Languages that have a catalogue, the pseudo-locale included. */
  readonly locales: readonly string[]
  /** The words of a language, English where there is no catalogue or message. */
  in(locale: string): Words
  /** The language in which this message is said to a speaker of the wanted one, null where it would be said in English
   *  instead. */
  speaks(wanted: string, key: string): string | null
  /** All keys of the English catalogue. */
  readonly keys: readonly string[]
}

type Catalogue = ReadonlyMap<string, string>

/** Reads the catalogues of all features: `referrals/messages/en.json` is spoken as `referrals.<key>`, that of a part,
 *  `referrals/inbox/messages/en.json`, as `referrals.inbox.<key>`. Throws when a file is no flat object of texts, and when two
 *  files speak one key. */
export function readCatalogues(sourceFolder: string): Catalogues {
  const byLocale = new Map<string, Map<string, string>>()
  for (const speaker of speakersIn(sourceFolder)) {
    const folder = path.join(sourceFolder, speaker, 'messages')
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      const locale = name.slice(0, -'.json'.length)
      const catalogue = byLocale.get(locale) ?? new Map<string, string>()
      byLocale.set(locale, catalogue)
      for (const [key, message] of readMessages(path.join(folder, name))) {
        const spoken = `${speaker.replaceAll(path.sep, '.')}.${key}`
        if (catalogue.has(spoken)) throw new Error(`${path.join(folder, name)}: ${spoken} is spoken twice`)
        catalogue.set(spoken, message)
      }
    }
  }
  const english = byLocale.get('en') ?? new Map<string, string>()
  const made = new Map<string, Words>()
  const locales = [...byLocale.keys(), pseudoLocale]
  return {
    locales,
    keys: [...english.keys()],
    speaks(wanted, key) {
      const locale = nearest(wanted, locales)
      if (locale === 'en') return wanted.split('-')[0] === 'en' ? locale : null
      return locale === pseudoLocale || byLocale.get(locale)?.has(key) ? locale : null
    },
    in(wanted) {
      const locale = nearest(wanted, locales)
      let words = made.get(locale)
      if (!words) made.set(locale, (words = makeWords(locale, byLocale.get(locale) ?? english, english)))
      return words
    },
  }
}

/** Features, and the parts directly below them, that have words of their own. */
function speakersIn(sourceFolder: string): readonly string[] {
  const foldersIn = (folder: string) =>
    fs
      .readdirSync(path.join(sourceFolder, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(folder, entry.name))
  const features = foldersIn('')
  return [...features, ...features.flatMap(foldersIn)].filter((folder) =>
    fs.existsSync(path.join(sourceFolder, folder, 'messages')),
  )
}

function nearest(wanted: string, locales: readonly string[]): string {
  if (locales.includes(wanted)) return wanted
  const language = wanted.split('-')[0] ?? 'en'
  return locales.includes(language) ? language : 'en'
}

function readMessages(file: string): [string, string][] {
  const content: unknown = JSON.parse(fs.readFileSync(file, 'utf8'))
  if (typeof content !== 'object' || content === null) throw new Error(`${file} is no catalogue`)
  return Object.entries(content).map(([key, message]) => {
    if (typeof message !== 'string') throw new Error(`${file}: ${key} is no text`)
    return [key, message]
  })
}

function makeWords(locale: string, catalogue: Catalogue, english: Catalogue): Words {
  const isPseudo = locale === pseudoLocale
  const direction = isRightToLeft(locale) ? 'rtl' : 'ltr'
  const formats = new Map<string, IntlMessageFormat>()
  const formatOf = (key: string): IntlMessageFormat => {
    let format = formats.get(key)
    if (format) return format
    const message = catalogue.get(key) ?? english.get(key)
    if (message === undefined) throw new Error(`There is no message ${key}.`)
    format = new IntlMessageFormat(message, isPseudo ? 'en' : locale, undefined, { ignoreTag: true })
    if (isPseudo) format = new IntlMessageFormat(pseudoMessage(format.getAst()), 'en')
    formats.set(key, format)
    return format
  }
  const format = (key: string, values: MessageValues, mark: (value: string) => string): string => {
    const message = formatOf(key)
    const choosing = choosers(message)
    const marked = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && !choosing.has(name) ? mark(value) : value,
    ])
    return String(message.format(Object.fromEntries(marked) as Record<string, MessageValue>))
  }
  return {
    locale,
    direction,
    t: (key, values = {}) => format(key, values, (value) => isolate(value, direction)),
    html(key, values = {}) {
      // Values go in as placeholders of private use, so that the message is escaped as a whole and they are not twice.
      const texts: string[] = []
      const raw = format(key, values, (value) => `\u{E000}${texts.push(value) - 1}\u{E001}`)
      return escapeHtml(raw).replace(
        /\u{E000}(\d+)\u{E001}/gu,
        (_, n: string) => `<bdi>${escapeHtml(texts[Number(n)] ?? '')}</bdi>`,
      )
    },
    has: (key) => catalogue.has(key) || english.has(key),
    formatted: (text) => (isPseudo ? pseudoText(text) : text),
  }
}

const choosersOf = new WeakMap<IntlMessageFormat, ReadonlySet<string>>()

/** The values that choose a branch (`select`): they are compared with the branches' names and must come as they are. */
function choosers(message: IntlMessageFormat): ReadonlySet<string> {
  let names = choosersOf.get(message)
  if (!names) choosersOf.set(message, (names = new Set(selectNames(message.getAst()))))
  return names
}

function selectNames(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (!('options' in element)) return []
    const inner = Object.values(element.options).flatMap((option) => selectNames(option.value))
    return Number(element.type) === selectElement ? [element.value, ...inner] : inner
  })
}

/** `TYPE.select` of the parser, whose enum cannot be imported for its types alone. */
const selectElement = 5

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ks', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'])

export function isRightToLeft(locale: string): boolean {
  return rightToLeft.has(locale.split('-')[0] ?? '')
}

/** A value that may read in the other direction is set apart (FSI … PDI); one that cannot is left as it is. */
function isolate(value: string, direction: 'ltr' | 'rtl'): string {
  const isMixed = direction === 'rtl' || /[\u0590-\u08FF\uFB1D-\uFEFC]/.test(value)
  return isMixed ? `\u2068${value}\u2069` : value
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
