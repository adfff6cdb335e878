// A partner's own team: who is in it, who signs in, who looks after the accounts.

import { page, type Routes } from '#platform/http/index.ts'
import { contactsOf } from './contacts.store.ts'
import { teamPage } from './pages/team.page.ts'

export function teamRoutes(routes: Routes): void {
  routes.partner('GET', '/team', {}, async (scene) =>
    page('partners/pages/team.njk', teamPage(scene, await contactsOf(scene.db, scene.actor.organizationId))),
  )
}
