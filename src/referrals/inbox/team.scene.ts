// Who may look after a referral at the partner: the people of the own organisation who sign in.

import { contactsOf, type Contact } from '#partners/index.ts'
import type { InboxScene } from './pages/inbox.page.ts'

export async function teamOf({ db, actor }: InboxScene): Promise<readonly Contact[]> {
  return (await contactsOf(db, actor.organizationId)).filter(({ state }) => state === 'active')
}

/** Whom a form named: a colleague, null for nobody in particular, undefined for a name that cannot be meant. */
export async function assignee(scene: InboxScene, said: string): Promise<Contact | null | undefined> {
  if (said === 'nobody') return null
  return (await teamOf(scene)).find(({ id }) => id === said)
}
