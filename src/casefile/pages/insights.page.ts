// Counts and the sentences that they say.

import type { SiteFigures } from '#clients/index.ts'
import type { Site } from '#networks/index.ts'
import type { Scene } from '#platform/http/index.ts'

interface Counted {
  readonly managed: readonly Site[]
  readonly counted: readonly SiteFigures[]
  readonly days: number
  readonly services: { readonly all: number; readonly withPlaces: number }
}

export function insightsPage(scene: Scene, { managed, counted, days, services }: Counted) {
  const rows = managed.map(({ id, name }) => {
    const figures = counted.find(({ siteId }) => siteId === id)
    return {
      name,
      figures: [
        figures?.open ?? 0,
        figures?.withoutAdviser ?? 0,
        figures?.withInterpreter ?? 0,
        figures?.registeredSince ?? 0,
        figures?.closedSince ?? 0,
      ].map((count) => scene.words.formatted(count.toLocaleString(scene.locale))),
    }
  })
  const sum = (of: (figures: SiteFigures) => number) => counted.reduce((total, figures) => total + of(figures), 0)
  return {
    title: scene.t('casefile.insights.title'),
    seesPeople: managed.length > 0,
    sentence: scene.t('casefile.insights.people', {
      open: sum(({ open }) => open),
      sites: managed.length,
      without: sum(({ withoutAdviser }) => withoutAdviser),
    }),
    columns: [
      scene.t('casefile.insights.open'),
      scene.t('casefile.insights.without_adviser'),
      scene.t('casefile.insights.interpreter'),
      scene.t('casefile.insights.registered', { days }),
      scene.t('casefile.insights.closed', { days }),
    ],
    rows,
    services: scene.t('casefile.insights.services', { all: services.all, places: services.withPlaces }),
  }
}
