// The languages that these pages can be read in, each in its own words.

import { pseudoLocale } from './pseudo.ts'

export interface LocaleChoice {
  readonly value: string
  readonly text: string
  readonly selected: boolean
}

/** The pseudo-locale is for looking at layouts: only the demonstration offers it. */
export function localeChoices(
  { network }: { network: { readonly isDemo: boolean } },
  locales: readonly string[],
  chosen: string,
): readonly LocaleChoice[] {
  return locales
    .filter((locale) => network.isDemo || locale !== pseudoLocale)
    .map((locale) => ({
      value: locale,
      text: new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? locale,
      selected: locale === chosen,
    }))
}
