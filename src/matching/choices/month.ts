// A month in words.

/** `October 2026` in the reader's language, from `2026-10`. */
export function monthInWords(
  words: { readonly locale: string; formatted(text: string): string },
  month: string,
): string {
  const middle = new Date(`${month}-15T12:00:00Z`)
  return words.formatted(
    new Intl.DateTimeFormat(words.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(middle),
  )
}
