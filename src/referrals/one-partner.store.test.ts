import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { aWorld, sendOne, workFor } from './world.testing.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test("a partner's transaction adds nothing to the history of another partner's referral", async () => {
  const networkId = await database.addNetwork()
  const world = await aWorld(database, { networkId })
  const now = new Date('2026-03-02T09:00:00Z')
  const { file } = await database.as({ networkId, role: 'job' }, (db) => sendOne(world, workFor(world, db, now)))
  const actorId = newId()
  const organizationId = world.otherPartner.id
  const adding = database.as({ networkId, role: 'partner', organizationId, actorId }, (db) =>
    db
      .insertInto('referral_events')
      .values({
        ...{ network_id: networkId, id: newId(), referral_id: file.id, client_id: file.clientId, site_id: file.siteId },
        ...{ organization_id: organizationId, seq: 3, kind: 'accepted', at: now, sent_at: now, payload: '{}' },
        ...{ actor_kind: 'partner', actor_id: actorId, actor_name: 'Another partner', channel: 'inbox' },
      })
      .execute(),
  )
  await expect(adding).rejects.toThrow(/foreign key/)
})
