// What one search found, by kind.

import { fullName, type Client } from '#clients/index.ts'
import type { Scene } from '#platform/http/index.ts'

interface FoundReferral {
  readonly id: string
  readonly reference: string
  /** Null until this person has said why they open the file. */
  readonly about: string | null
}

interface Found {
  readonly referral: FoundReferral | null
  readonly q: string
  readonly mayFindPeople: boolean
  readonly clients: readonly Client[]
  readonly services: readonly { readonly id: string; readonly name: string; readonly organizationName: string }[]
  readonly partners: readonly { readonly id: string; readonly name: string }[]
}

export function searchPage(scene: Scene, { q, mayFindPeople, referral, clients, services, partners }: Found) {
  const people = clients.map((client) => ({
    href: `/clients/${client.id}`,
    name: fullName(client),
    about: [client.reference, client.birthDate && scene.day(client.birthDate)].filter(Boolean).join(' · '),
  }))
  const offers = services.map(({ id, name, organizationName }) => ({
    href: `/services/${id}`,
    name,
    about: organizationName,
  }))
  const organisations = partners.map(({ id, name }) => ({ href: `/partners/${id}`, name, about: '' }))
  const referrals = referral
    ? [{ href: `/referrals/${referral.id}`, name: referral.reference, about: referral.about ?? '' }]
    : []
  const groups = [
    { heading: scene.t('casefile.search.referrals'), rows: referrals },
    { heading: scene.t('casefile.search.people'), rows: people },
    { heading: scene.t('casefile.search.services'), rows: offers },
    { heading: scene.t('casefile.search.partners'), rows: organisations },
  ].filter(({ rows }) => rows.length > 0)
  return {
    title: scene.t('casefile.search.title'),
    q,
    isAsked: q !== '',
    isEmpty: groups.length === 0,
    groups,
    registerHref: mayFindPeople ? '/clients/new' : null,
  }
}
