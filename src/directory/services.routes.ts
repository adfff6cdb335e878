// The room of services: looking for one.

import { z } from 'zod'
import { sitesOf } from '#networks/index.ts'
import { page, type Routes } from '#platform/http/index.ts'
import { accessibilityCodes, type AccessibilityCode } from './accessibility.ts'
import { timeOfDay } from './opening.ts'
import { distances, servicesPage, type ServicesQuery } from './pages/services.page.ts'
import { parsePosition, type Position } from './place.ts'
import { hasServices, searchServices } from './search.store.ts'
import type { ServiceWish } from './search.ts'
import { isServiceType } from './service-type.ts'

export const directoryRoles = ['adviser', 'manager', 'administrator'] as const

const word = (max = 60) => z.string().trim().max(max).catch('')

const query = z.object({
  q: word(200),
  type: word(),
  language: word(),
  access: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .catch([])
    .transform((codes) => accessibilityCodes.filter((code) => codes.includes(code))),
  near: word(),
  km: z.enum(distances).catch('10'),
  day: z
    .string()
    .regex(/^[1-7]$/)
    .catch(''),
  time: word(),
  places: word(),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
})

const pageSize = 20

export function servicesRoutes(routes: Routes): void {
  routes.staff('GET', '/services', { roles: directoryRoles, query }, async (scene, { query: asked }) => {
    const sites = await sitesOf(scene.db)
    const place = sites.find((site) => site.id === asked.near)?.position ?? parsePosition(asked.near)
    const found = await searchServices(scene.db, wishOf(asked, place), {
      page: asked.page,
      size: pageSize,
      today: scene.today,
    })
    const isEmpty = found.total === 0 && !(await hasServices(scene.db))
    return page('directory/pages/services.njk', servicesPage(scene, { query: asked, found, sites, isEmpty, pageSize }))
  })
}

function wishOf(
  asked: ServicesQuery & { readonly access: readonly AccessibilityCode[] },
  place: Position | null,
): ServiceWish {
  return {
    words: asked.q,
    type: asked.type === 'unknown' || isServiceType(asked.type) ? asked.type : undefined,
    language: asked.language === '' ? undefined : asked.language,
    accessibility: asked.access,
    near: place ? { position: place, kilometres: Number(asked.km) } : undefined,
    openAt: asked.day === '' ? undefined : { weekday: Number(asked.day), time: timeOfDay(asked.time) ?? '10:00' },
    hasPlaces: asked.places !== '',
  }
}
