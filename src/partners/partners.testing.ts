// For tests of partners: organisations, and what was mailed to their people.

import type { TestApp } from '#app.testing.ts'
import { addOrganizations } from '#directory/index.ts'
import { findPasswordLinkById, passwordAddress } from '#platform/accounts/index.ts'
import type { OrganizationId } from '#platform/ids.ts'
import { partnerAccounts } from './partners.accounts.ts'

export async function addPartners(
  { database, networkId }: TestApp,
  names: readonly string[],
): Promise<OrganizationId[]> {
  const organizations = names.map((name) => ({ name, description: name }))
  return database.as({ networkId, role: 'job' }, (db) => addOrganizations(db, networkId, organizations, new Date()))
}

/** The path of the newest link that was mailed to an address, built as the mail's job would build it. */
export async function linkMailedTo({ database, networkId, application }: TestApp, recipient: string): Promise<string> {
  const link = await database.as({ networkId, role: 'job' }, async (db) => {
    const mail = await db
      .selectFrom('mail_messages')
      .select('ids')
      .where('recipient', '=', recipient)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    const { linkId } = mail.ids as { linkId: string }
    return findPasswordLinkById(db, partnerAccounts, linkId)
  })
  if (!link) throw new Error('There is no such link.')
  return passwordAddress(partnerAccounts, application.keys, link, { networkId, publicUrl: '' })
}
