// Words as they are compared: without accents and capitals. Never shown to anyone.

import { typingErrors } from '#platform/typing-errors.ts'

/** Letters that Unicode does not take apart by itself. */
const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ħ: 'h', ı: 'i', ŋ: 'n', ŧ: 't', ς: 'σ' },
}

const longestWord = 40

/** The folded words of a label or of what was typed, each once, in order: `Électricien/électricienne` gives electricien,
 *  electricienne. Empty when nothing is a letter or a digit. */
export function foldedWords(text: string): readonly string[] {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}'’ʼ`´]/gu, '')
    .split(/[^\p{L}\p{N}+#]+/u)
    .map((word) =>
      [...word]
        .map((letter) => plain[letter] ?? letter)
        .join('')
        .slice(0, longestWord),
    )
  return [...new Set(words.filter((word) => word !== ''))]
}

/** Words of search say at most so much: nobody describes a job with a ninth. */
const mostTyped = 8

/** The words that a search looks for. Those of one or two letters count only where there is no longer one (`IT`). */
export function typedWords(text: string): readonly string[] {
  const words = foldedWords(text)
  const long = words.filter((word) => [...word].length > 2)
  return (long.length > 0 ? long : words).slice(0, mostTyped)
}

/** The beginnings under which a mistyped word may stand: the first two letters, and these with the usual slips (two letters
 *  swapped, one too many). */
export function likelyBeginnings(word: string): readonly string[] {
  const [a = '', b = '', c = ''] = [...word]
  return [...new Set([a + b, b + a, a + c, b + c])].filter((beginning) => beginning.length === 2)
}

const mostClose = 12

/** Those of the known words that the typed one may mean, the nearest first: one error in four letters, two from eight on. A
 *  longer known word is compared by its beginning too, from five letters on. */
export function closeWords(typed: string, known: readonly string[]): readonly string[] {
  if (typed.length < 4) return []
  const allowed = typed.length >= 8 ? 2 : 1
  return known
    .map((word) => ({ word, errors: errorsBetween(typed, word, allowed) }))
    .filter(({ errors }) => errors <= allowed)
    .toSorted((a, b) => a.errors - b.errors || a.word.length - b.word.length || (a.word < b.word ? -1 : 1))
    .slice(0, mostClose)
    .map(({ word }) => word)
}

function errorsBetween(typed: string, word: string, allowed: number): number {
  if (word.length < typed.length - allowed) return allowed + 1
  const whole = word.length <= typed.length + allowed ? typingErrors(typed, word) : allowed + 1
  if (typed.length < 5 || word.length <= typed.length) return whole
  return Math.min(
    whole,
    typingErrors(typed, word.slice(0, typed.length)),
    typingErrors(typed, word.slice(0, typed.length + 1)),
  )
}
