// Phone numbers as people write them, and as they are compared.

import { ok, refused, type Result } from '#platform/result.ts'

/** The digits, with + in front where the country is told (`0041…` counts as `+41…`). Refused: letters, or fewer than 5 or
 *  more than 15 digits (E.164's most). */
export function parsePhone(text: string): Result<string, 'shape'> {
  const bare = text.trim()
  if (!/^\+?[\d\s().\-/]+$/.test(bare)) return refused('shape')
  const digits = bare.replace(/\D/g, '')
  const isInternational = bare.startsWith('+') || digits.startsWith('00')
  const number = bare.startsWith('+') ? digits : digits.replace(/^00/, '')
  if (number.length < 5 || number.length > 15) return refused('shape')
  return ok(isInternational ? `+${number}` : number)
}

/** The digits by which two spellings of one number are the same: the last seven, which country and area codes do not touch. */
export function endOfPhone(phone: string): string {
  return phone.replace(/\D/g, '').slice(-7)
}
