// One box that finds people, services and partners from anywhere.

import { z } from 'zod'
import { searchClients } from '#clients/index.ts'
import { searchOrganizations, searchServices } from '#directory/index.ts'
import { page, type Routes } from '#platform/http/index.ts'
import { referralNamed } from '#referrals/index.ts'
import { searchPage } from './pages/search.page.ts'

const query = z.object({ q: z.string().max(200).catch('') })

/** So many of each kind: enough to recognise the one meant, few enough to read. */
const shownOfEach = 8

export function searchRoutes(routes: Routes): void {
  routes.staff(
    'GET',
    '/search',
    { query, roles: ['adviser', 'manager', 'administrator'] },
    async (scene, { query: { q } }) => {
      // Only who may open files searches people; row-level security would show nobody else any.
      const mayFindPeople = scene.actor.roles.some((role) => role === 'adviser' || role === 'manager')
      // An empty wish finds all services: nothing but signs is no question.
      const isAsked = /[\p{L}\p{N}]/u.test(q)
      const day = { page: 1, size: shownOfEach, today: scene.today }
      const found = {
        referral: mayFindPeople ? await referralNamed(scene, q) : null,
        clients: mayFindPeople ? await searchClients(scene.db, q, shownOfEach) : [],
        services: isAsked ? (await searchServices(scene.db, { words: q }, day)).services : [],
        partners: isAsked ? await searchOrganizations(scene.db, q, shownOfEach) : [],
      }
      return page('casefile/pages/search.njk', searchPage(scene, { q: q.trim(), mayFindPeople, ...found }))
    },
  )
}
