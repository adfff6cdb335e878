// Places free and the next start of each of the partner's services, on one page.

import { z } from 'zod'
import { placesOfOrganization, setPlaces, type ServicePlaces } from '#directory/index.ts'
import { idOf, notFound, page, redirect, type PageModel, type Routes } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { placesPage } from '../link/pages/partner.page.ts'
import { readPlaces } from '../link/places.form.ts'
import type { InboxScene } from './pages/inbox.page.ts'

const one = { params: z.object({ service: idOf<'service'>() }) }
const back = '/inbox/places'

export function placesRoutes(routes: Routes): void {
  routes.partner('GET', '/inbox/places', {}, async (scene) =>
    page('referrals/inbox/pages/own-places.njk', ownPlacesPage(scene, await servicesOf(scene))),
  )

  routes.partner('GET', '/inbox/places/:service', one, async (scene, { params }) => {
    const { name } = await ownService(scene, params.service)
    const model = placesPage(scene, { serviceName: name, back, body: {}, problems: [] })
    return page('referrals/link/pages/places.njk', model)
  })

  routes.partner('POST', '/inbox/places/:service', one, async (scene, { params, body }) => {
    const { id, name } = await ownService(scene, params.service)
    const form = readPlaces(body, scene.today)
    if (!form.ok) {
      const model = placesPage(scene, { serviceName: name, back, body, problems: form.problem })
      return page('referrals/link/pages/places.njk', model, { status: 400 })
    }
    await setPlaces(scene.db, id, { ...form.value, by: 'partner', asOf: scene.now })
    await scene.record('referrals.places_set', { subjectId: id })
    return redirect(back, scene.t('referrals.places.done'))
  })
}

function servicesOf({ db, actor }: InboxScene): Promise<readonly ServicePlaces[]> {
  return placesOfOrganization(db, actor.organizationId)
}

async function ownService(scene: InboxScene, id: ServiceId): Promise<ServicePlaces> {
  return (await servicesOf(scene)).find((service) => service.id === id) ?? notFound()
}

function ownPlacesPage(scene: InboxScene, services: readonly ServicePlaces[]): PageModel {
  return {
    title: scene.t('referrals.inbox.places.title'),
    rows: services.map(({ id, name, free, nextStart, asOf }) => ({
      href: `${back}/${id}`,
      name,
      free: free === null ? scene.t('referrals.inbox.places.not_known') : String(free),
      start: nextStart === null ? scene.t('referrals.inbox.places.not_known') : scene.day(nextStart),
      said: asOf === null ? null : scene.moment(asOf),
    })),
  }
}
