// Whom services are looked for: what is known of them, and what they need of a place.

import type { AccessNeed } from '#clients/index.ts'
import type { Facts, Position } from '#directory/index.ts'

/** What is asked of a service beyond its rules. A list that is empty asks nothing. */
export interface Wishes {
  /** Where distances are measured from, and whose place it is: the client's home, or their site's where that is not
   *  known. */
  readonly position: Position | null
  readonly positionOf: 'home' | 'site' | null
  /** Languages in which they can take part, BCP 47: the one to speak in first. */
  readonly languages: readonly string[]
  readonly needsInterpreter: boolean
  readonly accessNeeds: readonly AccessNeed[]
}

export interface Person {
  readonly facts: Facts
  readonly wishes: Wishes
}
