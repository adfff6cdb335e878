// Referrals sent to a partner of a test's world, and a phone that opens their links.

import type { TestApp, TestBrowser } from '#app.testing.ts'
import type { Db } from '#platform/db/index.ts'
import type { ReferralId } from '#platform/ids.ts'
import type { Keys } from '#platform/secrets.ts'
import { partnerAddress } from '../referrals.mails.ts'
import { findReferral, keptColumns } from '../referrals.store.ts'
import { sendOne, workFor, type Partner, type World } from '../world.testing.ts'
import { liveLinkOf } from './referral-links.store.ts'

export interface Links {
  asJob<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** A new referral, sent; the address of its link begins with `/r/`. */
  send(options?: { partner?: Partner; now?: Date }): Promise<{ id: ReferralId; link: string }>
  kindsOf(id: ReferralId): Promise<readonly string[]>
  stateOf(id: ReferralId): Promise<string | undefined>
  /** Opens the link as a person does, by its button. */
  open(link: string): Promise<TestBrowser>
}

export function linksOf(app: TestApp, world: World, now: Date): Links {
  const asJob: Links['asJob'] = (work) => app.database.as({ networkId: app.networkId, role: 'job' }, work)
  return {
    asJob,
    async send({ partner = world.partner, now: moment = now } = {}) {
      const keys: Keys = app.application.keys
      return asJob(async (db) => {
        const { file } = await sendOne(world, workFor(world, db, moment), { partner, keys })
        const link = await liveLinkOf(db, file.id, moment)
        if (!link) throw new Error('no link')
        return { id: file.id, link: partnerAddress(keys, link, '') }
      })
    },
    async kindsOf(id) {
      const kept = await asJob((db) => findReferral(db, id))
      return kept?.referral.events.map((event) => event.kind) ?? []
    },
    stateOf: async (id) => (await asJob((db) => keptColumns(db, id)))?.state,
    async open(link) {
      const phone = app.stranger()
      const opened = await phone.post(link)
      if (opened.headers.location !== `${link}/referral`) throw new Error(`The link answered ${opened.statusCode}.`)
      return phone
    },
  }
}
