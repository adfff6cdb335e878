import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  completeAnswers,
  findAssessment,
  offeredInstruments,
  profileOf,
  saveDraft,
  startAssessment,
} from '#assessment/index.ts'
import { installShippedInstruments, type Answer } from '#assessment/index.ts'
import { disclosureKinds, disclosuresOf, findClient, insertDisclosure, registerClient } from '#clients/index.ts'
import { insertSite } from '#networks/index.ts'
import { dayIn } from '#platform/dates.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId } from '#platform/ids.ts'
import { personOf } from './recommend-client.run.ts'

const now = new Date('2026-03-02T09:00:00Z')
const today = dayIn('UTC', now)
const staffId = newId<'staff'>()
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

test('whatever a client discloses, in the file or in a conversation, matching learns nothing of it', async () => {
  const networkId = await database.addNetwork()
  const hand = { networkId, staffId, now }
  const site = { name: 'Centre', kind: 'centre', address: '', position: null, timeZone: null, isActive: true } as const
  const siteId = await database.as({ networkId, roles: ['administrator'] }, (db) => insertSite(db, networkId, site))
  await database.as({ networkId, role: 'job' }, (db) => installShippedInstruments(db, networkId, now))
  const person = {
    ...{ name: 'Ana', familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person' as const] },
    ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null, address: null },
    ...{ residenceArea: null, position: null },
  }
  const option = (key: string): readonly Answer[] => [{ kind: 'option', key }]
  const told = new Map([
    ['sex', option('female')],
    ['born-abroad', option('yes')],
    ['disability', option('yes')],
    ['caring', [{ kind: 'yes_no', yes: true } as const]],
  ])
  await database.as({ networkId, actorId: staffId }, async (db) => {
    const { id } = await registerClient(db, hand, { person, siteId, adviserId: null })
    const client = (await findClient(db, id))!
    const instrument = (await offeredInstruments(db))[0]!
    const start = { instrument, manner: 'in_person', language: 'en', answeredOn: null } as const
    const begun = await startAssessment(db, hand, client, start)
    await saveDraft(db, hand, (await findAssessment(db, begun))!, { answers: told, page: 'about-you' })
    await completeAnswers(db, hand, (await findAssessment(db, begun))!, today)
    await insertDisclosure(db, hand, client, { kind: 'sex', value: 'other' })

    // It was told, and it is kept where fairness is checked.
    const kept = (await disclosuresOf(db, [id])).map(({ kind }) => kind)
    expect(kept.toSorted()).toEqual([...disclosureKinds].toSorted())
    const known = (await profileOf(db, id, { asOf: now, on: today })).facts
    expect(known).toEqual({ caring_duties: true })
    expect((await personOf(db, client, { now, today })).facts).toEqual({ caring_duties: true })
  })
})
