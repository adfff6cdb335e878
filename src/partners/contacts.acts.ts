// What is done with contacts' accounts, by staff or by a team's lead: each with its letter and its trace.

import { atDoor, endSessionsOf, letterOf, makePasswordLink, removePasskeysOf } from '#platform/accounts/index.ts'
import type { PartnerActor, Scene, StaffActor } from '#platform/http/index.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import type { Keys } from '#platform/secrets.ts'
import type { AccountAct, Contact } from './contact.ts'
import { changeAccount, findAccountByEmail } from './contacts.store.ts'
import { partnerAccounts } from './partners.accounts.ts'

export type Acting = Scene<StaffActor | PartnerActor>

export type ActProblem = 'address_taken'

/** Does it, whoever may: the caller has asked `possibleActs`, and `mayActInTeam` for a team. Refuses an invitation to an
 *  address that has an account already, here or at another partner's. */
export async function actOnAccount(
  scene: Acting,
  keys: Keys,
  contact: Contact,
  act: AccountAct,
): Promise<Result<AccountAct, ActProblem>> {
  const { db, now } = scene
  switch (act) {
    case 'invite':
      return invite(scene, keys, contact)
    case 'sign_out':
      await atDoor(scene, () => endSessionsOf(db, partnerAccounts, contact.id, now))
      await record(scene, contact, 'sessions_ended')
      return ok(act)
    case 'lead':
    case 'not_lead':
      await changeAccount(db, contact.id, { state: contact.state, isLead: act === 'lead', now })
      await record(scene, contact, act === 'lead' ? 'lead_given' : 'lead_taken')
      return ok(act)
    case 'end':
    case 'leave':
      await atDoor(scene, async () => {
        await endSessionsOf(db, partnerAccounts, contact.id, now)
        await removePasskeysOf(db, partnerAccounts, contact.id)
      })
      await changeAccount(db, contact.id, { state: act === 'end' ? 'none' : 'left', isLead: false, now })
      await record(scene, contact, act === 'end' ? 'account_ended' : 'left')
      return ok(act)
  }
}

/** A first or another letter with a link. Whoever had no account, or had left, sets a new password before anything opens. */
async function invite(scene: Acting, keys: Keys, contact: Contact): Promise<Result<'invite', ActProblem>> {
  const { db, network, now } = scene
  const { id, email, state, isLead, locale } = contact
  if (email === null) throw new Error('A contact without an address cannot be invited.')
  const isNew = state === 'none' || state === 'left'
  if (isNew) {
    // At the door: the address may belong to an account that this person must not know of.
    const holder = await atDoor(scene, () => findAccountByEmail(db, email))
    if (holder) return refused('address_taken')
    await changeAccount(db, id, { state: 'invited', isLead, now })
  }
  const kind = state === 'active' ? 'reset' : 'invitation'
  const making = { networkId: network.id, accountId: id, kind, now } as const
  const link = await atDoor(scene, () => makePasswordLink(db, partnerAccounts, keys, making))
  await scene.mail({ kind: letterOf(partnerAccounts, kind), to: email, locale, ids: { linkId: link.id } })
  await record(scene, contact, kind === 'reset' ? 'reset_sent' : 'invited')
  return ok('invite')
}

/** Sends the first letter to somebody who was added with an account. */
export async function welcome(scene: Acting, keys: Keys, contact: Contact): Promise<void> {
  await record(scene, contact, 'added')
  if (contact.state === 'invited') await invite(scene, keys, contact)
}

async function record(scene: Acting, { id, organizationId }: Contact, what: string): Promise<void> {
  await scene.record(`partners.${what}`, { subjectId: id, facts: { organizationId } })
}
