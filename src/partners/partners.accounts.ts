// What the platform has to know to sign partners' people in.

import type { AccountKind } from '#platform/accounts/index.ts'
import { partnerEntrance } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { activateContact, findAccountByEmail, findContact } from './contacts.store.ts'

export const partnerAccounts: AccountKind = {
  name: 'partners',
  entrance: partnerEntrance,
  tables: {
    credentials: 'partner_credentials',
    sessions: 'partner_sessions',
    links: 'partner_links',
    passkeys: 'partner_passkeys',
  },
  linkPurpose: 'partner_password',
  async find(db, id) {
    const contactId = parseId<'contact'>(id)
    return contactId && findContact(db, contactId)
  },
  findByEmail: findAccountByEmail,
  activate: activateContact,
}
