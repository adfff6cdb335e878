// The keys that a client is found by. Exact texts, because row-level security lets only equality use an index.

import type { Circumstances } from './client.ts'
import { nearForms, soundOf, wordsOfName } from './name.ts'
import { endOfPhone } from './phone.ts'

export type KeyKind = 'word' | 'near' | 'sound' | 'phone'

export interface ClientKey {
  readonly kind: KeyKind
  readonly key: string
}

/** All keys of a person, each once. */
export function keysOf(person: Pick<Circumstances, 'name' | 'familyName' | 'phones'>): readonly ClientKey[] {
  const words = wordsOfName(person.name, person.familyName)
  const keys = [
    ...words.map((key): ClientKey => ({ kind: 'word', key })),
    ...words.flatMap(nearForms).map((key): ClientKey => ({ kind: 'near', key })),
    ...joinedNeighbours(words).map((key): ClientKey => ({ kind: 'near', key })),
    ...words.map((word): ClientKey => ({ kind: 'sound', key: soundOf(word) })),
    ...person.phones.map((phone): ClientKey => ({ kind: 'phone', key: endOfPhone(phone) })),
  ]
  return [...new Map(keys.map((key) => [`${key.kind} ${key.key}`, key])).values()]
}

/** Two words written as one (Abdul Rahman, Abdulrahman). */
export function joinedNeighbours(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, i) => `${words[i]}${word}`)
}
