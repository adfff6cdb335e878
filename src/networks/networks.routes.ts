// Places: the network's doors, so that anyone can say where the nearest one is.

import { page, type Routes } from '#platform/http/index.ts'
import { sitesOf } from './networks.store.ts'

// messages: networks.kind.*

export function networksRoutes(routes: Routes): void {
  routes.staff('GET', '/places', {}, async (scene) => {
    const sites = await sitesOf(scene.db)
    return page('networks/pages/places.njk', {
      title: scene.t('networks.places.title'),
      places: sites
        .filter((site) => site.isActive)
        .map((site) => ({ name: site.name, kind: scene.t(`networks.kind.${site.kind}`), address: site.address })),
    })
  })
}
