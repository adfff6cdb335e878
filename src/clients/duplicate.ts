// Is this somebody whose file we have? Points for what speaks for and against it. The adviser decides; this only shows.

import type { CalendarDay } from '#platform/dates.ts'
import { dayFrom } from '#platform/dates.ts'
import { typingErrors } from '#platform/typing-errors.ts'
import { soundOf, wordsOfName } from './name.ts'
import { endOfPhone } from './phone.ts'

export interface Likeness {
  readonly name: string
  readonly familyName: string | null
  readonly birthDate: CalendarDay | null
  readonly phones: readonly string[]
}

export type NameMatch = 'same' | 'close' | 'sounds_alike' | 'part' | 'different'
export type BirthMatch = 'same' | 'near' | 'different' | 'unknown'

export interface Comparison {
  readonly name: NameMatch
  readonly birth: BirthMatch
  readonly hasSamePhone: boolean
  readonly points: number
}

/** Points as evidence for one person: the two that are rarely shared by chance (a whole name, a whole birth date) carry
 *  most; a phone is often a family's. What contradicts takes away as much as its agreement would have given. */
const namePoints: Readonly<Record<NameMatch, number>> = { same: 6, close: 5, sounds_alike: 4, part: 2, different: -3 }
const birthPoints: Readonly<Record<BirthMatch, number>> = { same: 5, near: 3, different: -5, unknown: 0 }
const phonePoints = 5

/** From here on a file is shown before saving: one whole agreement that nothing contradicts. So the same or a nearly same
 *  name is shown unless the birth dates differ, and a name that only sounds alike needs a birth date or a phone beside it.
 *  Lower, and relatives who share a phone would be shown each time; higher, and a name with a typing error would not. */
export const duplicateThreshold = 5

/** Symmetric; a person compared with themself reaches the threshold. */
export function compare(a: Likeness, b: Likeness): Comparison {
  const name = compareNames(wordsOfName(a.name, a.familyName), wordsOfName(b.name, b.familyName))
  const birth = compareBirthDates(a.birthDate, b.birthDate)
  const ends = new Set(a.phones.map(endOfPhone))
  const hasSamePhone = b.phones.some((phone) => ends.has(endOfPhone(phone)))
  const points = namePoints[name] + birthPoints[birth] + (hasSamePhone ? phonePoints : 0)
  return { name, birth, hasSamePhone, points }
}

export function isLikelyTheSame(comparison: Comparison): boolean {
  return comparison.points >= duplicateThreshold
}

/** The files to show, likeliest first, at most `most`. */
export function likelyDuplicates<File extends Likeness>(
  person: Likeness,
  files: readonly File[],
  most = 5,
): readonly { readonly file: File; readonly comparison: Comparison }[] {
  return files
    .map((file) => ({ file, comparison: compare(person, file) }))
    .filter(({ comparison }) => isLikelyTheSame(comparison))
    .sort((a, b) => b.comparison.points - a.comparison.points)
    .slice(0, most)
}

/** Words in any order, so that given and family name may have changed places. Takes folded words. */
export function compareNames(a: readonly string[], b: readonly string[]): NameMatch {
  if (a.join('') === b.join('') && a.length > 0) return 'same'
  const shorter = Math.min(a.length, b.length)
  if (shorter === 0) return 'different'
  const isSameLength = a.length === b.length
  if (isSameLength && mostPairs(a, b, (x, y) => x === y) === shorter) return 'same'
  const close = mostPairs(a, b, isNearlyWritten)
  // One word left out of three or more (a middle name) is close; one word against two is only part of a name.
  if (close === shorter && (isSameLength || shorter >= 2)) return 'close'
  if (isNearlyWritten(a.join(''), b.join(''))) return 'close'
  if (isSameLength && mostPairs(a, b, soundsAlike) === shorter) return 'sounds_alike'
  return close > 0 ? 'part' : 'different'
}

function isNearlyWritten(a: string, b: string): boolean {
  if (a === b) return true
  const longer = Math.max(a.length, b.length)
  // Short words differ by one letter all the time (Ana, Ada); long ones are often mistyped twice.
  const allowed = longer >= 8 ? 2 : longer >= 5 ? 1 : 0
  return Math.abs(a.length - b.length) <= allowed && typingErrors(a, b) <= allowed
}

function soundsAlike(a: string, b: string): boolean {
  return isNearlyWritten(a, b) || soundOf(a) === soundOf(b)
}

/** The largest number of words of `a` that can each be paired with its own word of `b`. At most six words a side. */
function mostPairs(a: readonly string[], b: readonly string[], fits: (x: string, y: string) => boolean): number {
  const partnerOf: (number | undefined)[] = b.map(() => undefined)
  const findPartner = (i: number, tried: Set<number>): boolean =>
    b.some((word, j) => {
      if (tried.has(j) || !fits(a[i]!, word)) return false
      tried.add(j)
      const taken = partnerOf[j]
      if (taken !== undefined && !findPartner(taken, tried)) return false
      partnerOf[j] = i
      return true
    })
  return a.reduce((pairs, _, i) => (findPartner(i, new Set()) ? pairs + 1 : pairs), 0)
}

/** Near: day and month swapped, or one digit wrong. */
export function compareBirthDates(a: CalendarDay | null, b: CalendarDay | null): BirthMatch {
  if (a === null || b === null) return 'unknown'
  if (a === b) return 'same'
  const wrongDigits = [...a].filter((digit, i) => digit !== b[i]).length
  return wrongDigits === 1 || swappedDay(a) === b ? 'near' : 'different'
}

/** The date with day and month changed about, where there is such a day. */
export function swappedDay(day: CalendarDay): CalendarDay | null {
  return dayFrom(Number(day.slice(0, 4)), Number(day.slice(8)), Number(day.slice(5, 7)))
}
