// What of an instrument is translated, language by language, and what is still missing.

import type { Scene } from '#platform/http/index.ts'
import { isRightToLeft } from '#platform/i18n/index.ts'
import { languages as spokenLanguages } from '#platform/languages.ts'
import type { StoredInstrument } from '../instruments.store.ts'
import { everyTranslationStatus, translationStatus, type TranslationStatus } from '../translation-status.ts'
import { languageName, sayIn } from './say.page.ts'

// messages: assessment.translations.part.*

export function translationsPage(scene: Scene, { id, instrument }: StoredInstrument, wanted: string) {
  const begun = everyTranslationStatus(instrument)
  const isAskable = spokenLanguages.some((tag) => tag === wanted) && wanted !== instrument.language
  const shown =
    begun.find(({ language }) => language === wanted) ?? (isAskable ? translationStatus(instrument, wanted) : begun[0])
  const choices = [...new Set([...begun.map(({ language }) => language), ...spokenLanguages])]
  const names = (tag: string) => languageName(tag)
  return {
    title: scene.t('assessment.translations.title'),
    id,
    instrumentTitle: sayIn(scene, instrument, scene.locale).content(instrument.title),
    own: { tag: instrument.language, name: languageName(instrument.language) },
    rows: begun.map((status) => ({
      ...rowOf(scene, status),
      href: `?language=${encodeURIComponent(status.language)}`,
    })),
    shown: shown ? { ...rowOf(scene, shown), missing: missingOf(scene, instrument.language, shown) } : null,
    choices: choices
      .filter((tag) => tag !== instrument.language)
      .map((tag) => ({ value: tag, text: names(tag), selected: tag === shown?.language }))
      .toSorted((a, b) => a.text.localeCompare(b.text)),
  }
}

function rowOf(scene: Scene, { language, texts, translated }: TranslationStatus) {
  return {
    language,
    name: languageName(language),
    translated,
    missingCount: texts - translated,
    texts,
    said: scene.t('assessment.translations.count', { translated, texts }),
  }
}

function missingOf(scene: Scene, own: string, { missing }: TranslationStatus) {
  return missing.map(({ linkId, part, text }) => ({
    linkId,
    part: scene.t(`assessment.translations.part.${part}`),
    words: { text, isContent: true, language: own, direction: isRightToLeft(own) ? 'rtl' : 'ltr' },
  }))
}
