// Renewing a link that has expired: who may, by which code, and within which bounds. The code goes to the address that the
// link went to, so whoever types it reads that mailbox today.

import { rules, type ReferralState } from '../referral.ts'

/** Six digits in ten minutes and five tries: one in two hundred thousand for a guess, and five codes a day at most. */
export const renewalLimits = {
  codeMinutes: 10,
  tries: 5,
  /** Whoever presses the button twice gets one mail. */
  secondsBetweenCodes: 60,
  codesADay: 5,
} as const

interface Renewable {
  readonly revokedAt: Date | null
  readonly expiresAt: Date
  readonly state: ReferralState
  readonly isConsentWithdrawn: boolean
}

/** Only age may be mended by a code. A link that somebody switched off, a referral that ended and a withdrawn consent stay so. */
export function isRenewable({ revokedAt, expiresAt, state, isConsentWithdrawn }: Renewable, now: Date): boolean {
  return revokedAt === null && expiresAt <= now && !isConsentWithdrawn && rules.link_renewed.from.includes(state)
}

/** What was typed, as six digits; spaces between them and digits of other scripts are taken. Null when it is no code. */
export function readCode(typed: string): string | null {
  const digits = [...typed.replace(/[\s\p{P}\p{Cf}]/gu, '')].map(asciiDigit).join('')
  return /^[0-9]{6}$/.test(digits) ? digits : null
}

/** `m…@example.org`: enough for whoever knows the address, too little for whoever does not. */
export function maskedAddress(address: string): string {
  return address.replace(/^(.)[^@]*/u, '$1…')
}

// Digits of a script stand in runs of ten in Unicode, each run beginning with its zero.
function asciiDigit(letter: string): string {
  if (!/^\p{Nd}$/u.test(letter)) return letter
  const code = letter.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String((code - zero) % 10)
}
