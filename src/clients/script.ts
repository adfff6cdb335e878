// Scripts to choose from. A code that is not listed is kept as it came (from an import).

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

/** What the reader's language calls it; the code itself where nobody knows. */
export function nameOfScript(code: string, locale: string): string {
  // CLDR's pseudo-locales are English in another dress.
  const readers = /-X[AB]$/.test(locale) ? 'en' : locale
  try {
    return new Intl.DisplayNames([readers, 'en'], { type: 'script', languageDisplay: 'standard' }).of(code) ?? code
  } catch {
    // A malformed code from an import is shown as it came.
    return code
  }
}
