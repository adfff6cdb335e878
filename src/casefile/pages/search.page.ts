// What one search found, by kind.

import { fullName, type Client } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'

interface Found {
  readonly q: string
  readonly clients: readonly Client[]
  readonly mayFindPeople: boolean
}

export function searchPage(scene: Scene, { q, clients, mayFindPeople }: Found) {
  const people = clients.map((client) => ({
    href: `/clients/${client.id}`,
    name: fullName(client),
    about: [client.reference, client.birthDate ? scene.day(client.birthDate) : null]
      .filter((part) => part !== null)
      .join(' · '),
  }))
  return {
    title: scene.t('casefile.search.title'),
    q,
    isAsked: q !== '',
    isEmpty: people.length === 0,
    groups: [{ heading: scene.t('casefile.search.people'), rows: people }].filter(({ rows }) => rows.length > 0),
    registerHref: mayFindPeople ? '/clients/new' : null,
  }
}
