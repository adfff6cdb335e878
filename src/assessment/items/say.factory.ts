// A way of speaking for tests: the message's key stands for its words.

import type { Say } from './contract.ts'

export const plainSay: Say = {
  content: (words) => ({ text: words.text, isContent: true, language: 'en', direction: 'ltr' }),
  typed: (text) => ({ text, isContent: true, language: '', direction: 'auto' }),
  own: (key) => ({ text: key, isContent: false, language: '', direction: 'auto' }),
  day: (day) => day,
  month: (month) => month,
  number: (value) => String(value),
}
