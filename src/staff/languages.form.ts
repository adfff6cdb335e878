// The languages that somebody speaks with clients: ticked by name.

import { z } from 'zod'
import type { Scene } from '#platform/http/index.ts'
import { isLanguage, languageChoices } from '#platform/languages.ts'

/** Ticked languages as tags; made-up ones are refused. */
export const spokenLanguages = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((ticked) => (ticked === undefined ? [] : typeof ticked === 'string' ? [ticked] : ticked))
  .refine((tags) => tags.length <= 50 && tags.every(isLanguage), 'platform.form.unusable')

/** The boxes to tick, by name in the reader's alphabet, and those ticked in one line; languages of an account that are not
 *  listed come with them. */
export function languageBoxes(scene: Scene, chosen: readonly string[]) {
  const known = chosen.filter(isLanguage)
  const boxes = languageChoices(scene.locale, known).map(({ tag, name }) => ({
    value: tag,
    text: scene.words.formatted(name),
    checked: known.includes(tag),
  }))
  const spoken = boxes.filter(({ checked }) => checked).map(({ text }) => text)
  return { boxes, spoken: spoken.join(', ') }
}
