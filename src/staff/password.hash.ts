// Passwords: argon2id, at the strength that OWASP's password storage cheat sheet gives as its first choice.

import { hash, verify } from '@node-rs/argon2'

// 19 MiB, two passes, one lane.
const strength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Shortest password taken. Length is what counts (NIST SP 800-63B, 5.1.1.2): no rules about kinds of characters. */
export const shortestPassword = 12
export const longestPassword = 200

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), strength)
}

/** Whether the password is right. Without a hash the same work is done, so that time tells nobody who has an account. */
export async function isRightPassword(password: string, stored: string | null): Promise<boolean> {
  const isRight = await verify(stored ?? (await hashOfNobody()), password.normalize('NFC'))
  return isRight && stored !== null
}

let nobody: Promise<string> | undefined
function hashOfNobody(): Promise<string> {
  nobody ??= hashPassword('nobody has this password, not even nobody')
  return nobody
}
