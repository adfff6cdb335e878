// The partners' room, first version: find a partner by name, or among those whose services take referrals.

import { z } from 'zod'
import { searchOrganizations, searchServices } from '#directory/index.ts'
import { page, type Routes, type Scene } from '#platform/http/index.ts'
import { partnersPage, type PartnerRow } from './pages/partners.page.ts'

const query = z.object({ q: z.string().max(200).catch('') })

/** So many services are read for the list; a larger directory is searched by name, and the page says so. */
const mostServices = 400
const mostFound = 50

export function partnersRoutes(routes: Routes): void {
  const options = { query, roles: ['adviser', 'manager', 'administrator'] } as const
  routes.staff('GET', '/partners', options, async (scene, { query: { q } }) => {
    const words = q.trim()
    const listed =
      words === '' ? await partnersWithServices(scene) : { partners: await found(scene, words), isWhole: true }
    return page('casefile/pages/partners.njk', partnersPage(scene, { q: words, ...listed }))
  })
}

async function found(scene: Scene, words: string): Promise<readonly PartnerRow[]> {
  const organizations = await searchOrganizations(scene.db, words, mostFound)
  return organizations.map(({ id, name }) => ({ id, name, services: [] }))
}

async function partnersWithServices(scene: Scene): Promise<{ partners: readonly PartnerRow[]; isWhole: boolean }> {
  const { services, total } = await searchServices(scene.db, {}, { page: 1, size: mostServices, today: scene.today })
  const byPartner = Map.groupBy(services, ({ organizationId }) => organizationId)
  const partners = [...byPartner].map(([id, offers]) => ({
    id,
    name: offers[0]!.organizationName,
    services: offers.map(({ name }) => name).sort((a, b) => a.localeCompare(b, scene.locale)),
  }))
  return {
    partners: partners.sort((a, b) => a.name.localeCompare(b.name, scene.locale)),
    isWhole: total <= mostServices,
  }
}
