// What people ask of the directory.

import type { AccessibilityCode } from './accessibility.ts'
import type { Position } from './place.ts'
import type { ServiceType } from './service-type.ts'

/** Everything is optional: an empty wish finds all that is open for referrals. */
export interface ServiceWish {
  /** As typed; typing errors are forgiven. */
  readonly words?: string | undefined
  readonly type?: ServiceType | 'unknown' | undefined
  /** A BCP 47 tag. */
  readonly language?: string | undefined
  /** All of these at one of its places. */
  readonly accessibility?: readonly AccessibilityCode[] | undefined
  readonly near?: { readonly position: Position; readonly kilometres: number } | undefined
  /** Weekday 1 Monday to 7 Sunday, time `HH:MM`. */
  readonly openAt?: { readonly weekday: number; readonly time: string } | undefined
  readonly hasPlaces?: boolean | undefined
  readonly organizationId?: string | undefined
}

/** The words of a search, folded; at most eight, because nobody remembers more. */
export function wordsOf(text: string | undefined): string[] {
  const words = (text ?? '')
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return [...new Set(words.filter((word) => word !== ''))].slice(0, 8)
}

/**
 * How alike a word must be to one of the name's, as a share of their trigrams: `corse` is 0.44 of `course`, `trede` 0.33 of
 * `trade`. So low a bar lets in strangers too (`train` and `trade`): it is used only where the words as typed find nothing.
 */
export const alikeEnough = 0.3
