// Who to talk to at a partner's, on the partner's page: for staff.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import type { Contact } from '../contact.ts'
import { contactsOf } from '../contacts.store.ts'

// messages: partners.reached_by.*
// messages: partners.state.*

export async function partnerContactsPanel(scene: Scene, organizationId: OrganizationId): Promise<Panel> {
  const contacts = await contactsOf(scene.db, organizationId)
  const base = `/partners/${organizationId}/contacts`
  const row = (contact: Contact) => ({
    href: `${base}/${contact.id}`,
    name: contact.name,
    title: contact.title,
    ways: waysOf(scene, contact),
    language: scene.words.formatted(nameOfLanguage(contact.locale, scene.locale)),
    state: contact.state === 'none' ? null : scene.t(`partners.state.${contact.state}`),
    lead: contact.isLead ? scene.t('partners.team.lead') : null,
  })
  return {
    template: 'partners/panels/contacts.njk',
    model: {
      add: `${base}/new`,
      rows: contacts.filter(({ state }) => state !== 'left').map(row),
      left: contacts.filter(({ state }) => state === 'left').map(row),
    },
  }
}

/** How the person likes to be reached comes first. */
function waysOf(scene: Scene, { email, phone, reachedBy }: Contact) {
  const liked = { words: scene.t(`partners.reached_by.${reachedBy}`), detail: reachedBy === 'email' ? email : phone }
  const other = reachedBy === 'email' ? phone : email
  return {
    liked: reachedBy === 'visit' ? { ...liked, detail: null } : liked,
    others: [reachedBy === 'visit' ? phone : null, other].filter((way) => way !== null),
  }
}
