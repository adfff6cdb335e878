// Partners and what they offer, by name.

import type { Scene } from '#platform/http/index.ts'

export interface PartnerRow {
  readonly id: string
  readonly name: string
  /** Names of services that take referrals; none told where the partner was searched for. */
  readonly services: readonly string[]
}

/** So many services of one partner are named; the rest stands on its page. */
const namedServices = 4

interface Listed {
  readonly q: string
  readonly partners: readonly PartnerRow[]
  readonly isWhole: boolean
}

export function partnersPage(scene: Scene, { q, partners, isWhole }: Listed) {
  return {
    title: scene.t('casefile.partners.title'),
    q,
    rows: partners.map(({ id, name, services }) => ({
      href: `/partners/${id}`,
      name,
      services: services.slice(0, namedServices).join(', '),
      more:
        services.length > namedServices
          ? scene.t('casefile.partners.more', { count: services.length - namedServices })
          : null,
    })),
    sentence: q === '' ? scene.t('casefile.partners.count', { count: partners.length }) : null,
    isPart: !isWhole,
    empty: scene.t(q === '' ? 'casefile.partners.none' : 'casefile.search.nothing_named'),
  }
}
