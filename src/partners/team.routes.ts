// A partner's own team: who is in it, who signs in, who looks after the accounts.

import { organizationNames } from '#directory/index.ts'
import { page, type Routes } from '#platform/http/index.ts'
import { contactsOf } from './contacts.store.ts'
import { teamPage } from './pages/team.page.ts'

export function teamRoutes(routes: Routes): void {
  routes.partner('GET', '/team', {}, async (scene) => {
    const { organizationId } = scene.actor
    const contacts = await contactsOf(scene.db, organizationId)
    const names = await organizationNames(scene.db, [organizationId])
    const organizationName = names.get(organizationId) ?? ''
    return page('partners/pages/team.njk', teamPage(scene, { contacts, organizationName }))
  })
}
