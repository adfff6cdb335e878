// The team of one organisation, as its own people see it.

import type { PartnerActor, Scene } from '#platform/http/index.ts'
import type { Contact } from '../contact.ts'

// messages: partners.state.*

export function teamPage(scene: Scene<PartnerActor>, contacts: readonly Contact[]) {
  return {
    title: scene.t('partners.team.title'),
    rows: contacts.map(({ name, title, email, state, isLead }) => ({
      name,
      title,
      email,
      state: scene.t(`partners.state.${state}`),
      lead: isLead ? scene.t('partners.team.lead') : null,
    })),
  }
}
