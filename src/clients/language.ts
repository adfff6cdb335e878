// Languages and scripts to choose from. A tag that is not listed is kept as it came (from an import).

/** Languages most spoken by clients of employment services in Europe and North America, as BCP 47 tags. */
export const languages = [
  ...[
    'am',
    'ar',
    'bg',
    'bn',
    'bs',
    'cs',
    'da',
    'de',
    'el',
    'en',
    'es',
    'et',
    'fa',
    'fi',
    'fil',
    'fr',
    'gu',
    'he',
    'hi',
    'hr',
    'ht',
  ],
  ...[
    'hu',
    'hy',
    'id',
    'it',
    'ja',
    'ka',
    'km',
    'ko',
    'ku',
    'lo',
    'lt',
    'lv',
    'mk',
    'my',
    'ne',
    'nl',
    'no',
    'pa',
    'pl',
    'prs',
  ],
  ...['ps', 'pt', 'ro', 'ru', 'si', 'sk', 'sl', 'so', 'sq', 'sr', 'sv', 'sw', 'ta', 'te', 'th', 'ti', 'tr', 'uk', 'ur'],
  ...['uz', 'vi', 'wo', 'yo', 'yue', 'zh'],
] as const

/** Scripts that people read, as ISO 15924 codes. */
export const scripts = [
  ...[
    'Latn',
    'Arab',
    'Armn',
    'Beng',
    'Cyrl',
    'Deva',
    'Ethi',
    'Geor',
    'Grek',
    'Gujr',
    'Guru',
    'Hans',
    'Hant',
    'Hebr',
    'Jpan',
  ],
  ...['Khmr', 'Kore', 'Laoo', 'Mymr', 'Sinh', 'Taml', 'Telu', 'Thai'],
] as const

/** What the reader's language calls it; the tag itself where nobody knows. */
export function nameOfLanguage(tag: string, locale: string): string {
  return nameIn(locale, 'language', tag)
}

export function nameOfScript(code: string, locale: string): string {
  return nameIn(locale, 'script', code)
}

function nameIn(locale: string, type: 'language' | 'script', code: string): string {
  // CLDR's pseudo-locales are English in another dress.
  const readers = /-X[AB]$/.test(locale) ? 'en' : locale
  try {
    return new Intl.DisplayNames([readers, 'en'], { type, languageDisplay: 'standard' }).of(code) ?? code
  } catch {
    // A malformed tag from an import is shown as it came.
    return code
  }
}
