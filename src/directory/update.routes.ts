// Keeping a service's entry up to date.

import { z } from 'zod'
import { idOf, notFound, page, redirect, type Answer, type FieldProblem, type FormBody } from '#platform/http/index.ts'
import type { Routes, Scene } from '#platform/http/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { readUpdate, typedUpdate, updatePage, type Update } from './pages/update.page.ts'
import { findService, markChecked, setPlaces, setServiceType, type Service } from './services.store.ts'

const options = { roles: ['adviser', 'manager'], params: z.object({ id: idOf<'service'>() }) } as const

export function updateRoutes(routes: Routes): void {
  routes.staff('GET', '/services/:id/update', options, async (scene, { params }) => {
    const service = await serviceOf(scene, params.id)
    return show(scene, service, { body: typedUpdate(service), list: [] })
  })

  routes.staff('POST', '/services/:id/update', options, async (scene, { params, body }) => {
    const service = await serviceOf(scene, params.id)
    const update = readUpdate(body)
    if (!update.ok) return show(scene, service, { body, list: update.problem })
    await keep(scene, service, update.value)
    return redirect(`/services/${service.id}`, scene.t('directory.update.saved'))
  })
}

async function serviceOf(scene: Scene, id: ServiceId): Promise<Service> {
  return (await findService(scene.db, id)) ?? notFound()
}

function show(scene: Scene, service: Service, form: { body: FormBody; list: readonly FieldProblem[] }): Answer {
  const status = form.list.length > 0 ? 400 : 200
  return page('directory/pages/update.njk', updatePage(scene, service, form), { status })
}

async function keep(scene: Scene, service: Service, { type, placesFree, nextStart, isChecked }: Update): Promise<void> {
  const { db, now, today } = scene
  // Saying nothing of places that nobody ever told must not look as if they had been told today.
  const isSaid = placesFree !== null || nextStart !== null || service.placesAsOf !== null
  if (isSaid) await setPlaces(db, service.id, { free: placesFree, nextStart, asOf: now, by: 'staff' })
  if (type !== service.serviceType) await setServiceType(db, service.id, type)
  if (isChecked) await markChecked(db, service.id, today)
  await scene.record('directory.service_updated', {
    subjectId: service.id,
    facts: { type, places_free: placesFree, next_start: nextStart, is_checked: isChecked },
  })
}
