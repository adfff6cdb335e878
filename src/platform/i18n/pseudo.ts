// The pseudo-locale: English in accented letters, laid out from right to left. It shows text that escaped the
// catalogues, and layouts that only work in one direction.

import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'

/** A valid BCP 47 tag by CLDR's custom for bidirectional pseudo-locales. */
export const pseudoLocale = 'ar-XB'

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const accented = [...'ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž']
const letters = new Map([...plain].map((letter, index) => [letter, accented[index] ?? letter]))

export function pseudoText(text: string): string {
  return [...text].map((letter) => letters.get(letter) ?? letter).join('')
}

/** The message with its own words changed and its values left alone. */
export function pseudoMessage(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  return elements.map((element) => {
    if ('options' in element && element.options) {
      const options = Object.entries(element.options).map(([name, option]) => [
        name,
        { ...option, value: pseudoMessage(option.value) },
      ])
      return { ...element, options: Object.fromEntries(options) as typeof element.options }
    }
    // 0 is `TYPE.literal` of the parser, whose enum cannot be imported for its types alone.
    return Number(element.type) === 0 && 'value' in element ? { ...element, value: pseudoText(element.value) } : element
  })
}
