// The team of one organisation, as its own people see it.

import type { PartnerActor, Scene } from '#platform/http/index.ts'
import type { Contact } from '../contact.ts'

// messages: partners.state.*

export function teamPage(
  scene: Scene<PartnerActor>,
  { contacts, organizationName }: { contacts: readonly Contact[]; organizationName: string },
) {
  const { isLead, id: ownId } = scene.actor
  const leads = contacts.filter((contact) => contact.isLead && contact.state === 'active')
  return {
    title: scene.t('partners.team.title'),
    organizationName,
    isLead,
    sentence: isLead ? scene.t('partners.team.you_lead') : scene.t('partners.team.who_leads', { count: leads.length }),
    leads: isLead ? [] : leads.map(({ name }) => name),
    rows: contacts.map(({ id, name, title, email, phone, state, isLead: leads }) => ({
      href: isLead ? `/team/${id}` : null,
      name,
      you: id === ownId ? scene.t('partners.team.you') : null,
      title,
      reach: [email, phone].filter((way) => way !== null),
      state: scene.t(`partners.state.${state}`),
      lead: leads ? scene.t('partners.team.lead') : null,
    })),
  }
}
