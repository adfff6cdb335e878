// Languages to choose from, by name. A tag that is not listed is kept as it came (from an import).

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

/** What the reader's language calls it; the tag itself where nobody knows. */
export function nameOfLanguage(tag: string, locale: string): string {
  // CLDR's pseudo-locales are English in another dress.
  const readers = /-X[AB]$/.test(locale) ? 'en' : locale
  try {
    return new Intl.DisplayNames([readers, 'en'], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag
  } catch {
    // A malformed tag from an import is shown as it came.
    return tag
  }
}

/** The same, as it stands on this reader's page. */
export function namedLanguage(
  { locale, words }: { readonly locale: string; readonly words: { readonly formatted: (text: string) => string } },
  tag: string,
): string {
  return words.formatted(nameOfLanguage(tag, locale))
}

/** Whether the text is shaped like a tag and names a language that is known. */
export function isLanguage(tag: string): boolean {
  try {
    return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(tag) !== undefined
  } catch {
    return false
  }
}

/** The languages, and those already chosen, by their names in the reader's language. */
export function languageChoices(locale: string, chosen: readonly string[]): { tag: string; name: string }[] {
  return [...new Set<string>([...languages, ...chosen])]
    .map((tag) => ({ tag, name: nameOfLanguage(tag, locale) }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
}
