import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerClient } from '#clients/index.ts'
import { insertSite } from '#networks/index.ts'
import { dayIn } from '#platform/dates.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import type { Scene } from '#platform/http/index.ts'
import { presentingIn } from '#platform/http/presenting.ts'
import { readCatalogues } from '#platform/i18n/index.ts'
import { newId, type ClientId, type NetworkId, type SiteId } from '#platform/ids.ts'
import type { Answer } from '../answers.ts'
import { assessmentsOf, completeAnswers, findAssessment, saveDraft, startAssessment } from '../assessments.store.ts'
import { installShippedInstruments, offeredInstruments } from '../instruments.store.ts'
import { assessmentPanel } from './assessment.panel.ts'
import { assessmentTimeline } from './timeline.panel.ts'

const now = new Date('2026-03-02T09:00:00Z')
const staffId = newId<'staff'>()
const catalogues = readCatalogues(path.join(import.meta.dirname, '..', '..'))
let database: TestDatabase
let networkId: NetworkId
let siteId: SiteId
let clientId: ClientId

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  siteId = await database.as({ networkId, roles: ['administrator'] }, (db) =>
    insertSite(db, networkId, {
      name: 'Centre',
      kind: 'centre',
      address: '',
      position: null,
      timeZone: null,
      isActive: true,
    }),
  )
  await database.as({ networkId, role: 'job' }, (db) => installShippedInstruments(db, networkId, now))
  const person = {
    ...{
      name: 'Ana',
      familyName: null,
      birthDate: null,
      phones: [],
      email: null,
      reachedBy: ['in_person' as const],
      language: null,
    },
    ...{
      script: null,
      needsInterpreter: false,
      accessNeeds: [],
      accessWords: null,
      address: null,
      residenceArea: null,
      position: null,
    },
  }
  const hand = { networkId, staffId: null, now }
  clientId = (await database.as({ networkId }, (db) => registerClient(db, hand, { person, siteId, adviserId: null })))
    .id
})
afterAll(() => database.drop())

/** What a page would be given; only what panels use. */
const inScene = <T>(work: (scene: Scene) => Promise<T>) =>
  database.as({ networkId, actorId: staffId }, (db) => {
    const presenting = presentingIn(catalogues.in('en'), 'Europe/Zurich')
    return work({ ...presenting, db, now, today: dayIn('Europe/Zurich', now) } as Scene)
  })

async function complete(title: string, answers: Readonly<Record<string, readonly Answer[]>>): Promise<void> {
  await inScene(async ({ db, today }) => {
    const instrument = (await offeredInstruments(db)).find((one) => one.instrument.title.text === title)!
    const hand = { networkId, staffId, now }
    const file = { id: clientId, siteId, restrictedTo: null }
    const id = await startAssessment(db, hand, file, {
      instrument,
      manner: 'in_person',
      language: 'en',
      answeredOn: null,
    })
    await saveDraft(db, hand, (await findAssessment(db, id))!, { answers: new Map(Object.entries(answers)), page: 'x' })
    await completeAnswers(db, hand, (await findAssessment(db, id))!, today)
  })
}

const shownPanel = async (scene: Scene) =>
  assessmentPanel(scene, { id: clientId }, await assessmentsOf(scene.db, [clientId]))

const option = (...keys: string[]): readonly Answer[] => keys.map((key) => ({ kind: 'option', key }))

describe('a client’s page', () => {
  it('first offers the first conversation, then what comes after it', async () => {
    expect((await inScene(shownPanel)).model).toMatchObject({
      assessments: [],
      next: { text: 'First conversation' },
    })
    await complete('First conversation', { debt: option('help'), sex: option('female') })
    expect((await inScene(shownPanel)).model).toMatchObject({
      assessments: [{ state: 'completed' }],
      next: { text: 'Skills and work' },
    })
  })

  it('tells in its timeline what was completed, and by whom', async () => {
    const lines = await inScene((scene) => assessmentTimeline(scene, [clientId], new Map([[staffId, 'Ada']])))
    expect(lines.map(({ text, by }) => [text, by])).toEqual([
      ['First conversation: completed', 'Ada'],
      ['First conversation: started', 'Ada'],
    ])
  })
})
