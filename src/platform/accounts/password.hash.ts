// Passwords: argon2id, at the strength that OWASP's password storage cheat sheet gives as its first choice.

import { hash, verify } from '@node-rs/argon2'

// 19 MiB, two passes, one lane.
const strength = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** A hash of that strength of 24 random bytes that nobody kept: comparing with it takes as long as with a real one. */
export const hashOfNobody =
  '$argon2id$v=19$m=19456,t=2,p=1$yMWv3PyrTwBW5J9ryvHScQ$dV7Cl38MOB+7Wvh8v9CYaA8vM8bXoW5pCgROQ0Sq+8s'

export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), strength)
}

/** Whether the password is right. Without a hash the same work is done, so that time tells nobody who has an account. */
export async function isRightPassword(password: string, stored: string | null): Promise<boolean> {
  const isRight = await verify(stored ?? hashOfNobody, password.normalize('NFC'))
  return isRight && stored !== null
}
