import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerClient } from '#clients/index.ts'
import { insertSite } from '#networks/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type ClientId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import type { Answer } from './answers.ts'
import { currentAnswers, stateOf, type Assessment } from './assessment.ts'
import { historyOf, pagesSeen } from './assessment-events.store.ts'
import {
  assessmentsOf,
  completeAnswers,
  discardDraft,
  findAssessment,
  followFile,
  saveDraft,
  startAssessment,
} from './assessments.store.ts'
import { aQuestionnaire, group, question } from './instrument.factory.ts'
import {
  importInstrument,
  installShippedInstruments,
  listInstruments,
  offeredInstruments,
  retireInstrument,
} from './instruments.store.ts'
import { profileOf } from './profile.store.ts'

const day = (text: string) => text as CalendarDay
const morning = new Date('2026-03-02T09:00:00Z')
const noon = new Date('2026-03-02T12:00:00Z')
const nextDay = new Date('2026-03-03T09:00:00Z')
const said = (yes: boolean): readonly Answer[] => [{ kind: 'yes_no', yes }]

let database: TestDatabase
let networkId: NetworkId
let siteId: SiteId
let staffId: StaffId

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
  staffId = newId()
  await asJob((db) => installShippedInstruments(db, networkId, morning))
})
afterAll(() => database.drop())

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
const asStaff = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, actorId: staffId }, work)
const hand = (now = morning) => ({ networkId, staffId, now })

async function aClient(): Promise<{ id: ClientId; siteId: SiteId; restrictedTo: null }> {
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
  const { id } = await asStaff((db) => registerClient(db, hand(), { person, siteId, adviserId: null }))
  return { id, siteId, restrictedTo: null }
}

async function started(url = 'urn:waypost:instrument:first-conversation'): Promise<Assessment> {
  const client = await aClient()
  return asStaff(async (db) => {
    const instrument = (await offeredInstruments(db)).find((one) => one.instrument.url === url)!
    const id = await startAssessment(db, hand(), client, {
      instrument,
      manner: 'in_person',
      language: 'en',
      answeredOn: null,
    })
    return (await findAssessment(db, id))!
  })
}

const read = (id: Assessment['id']) => asStaff(async (db) => (await findAssessment(db, id))!)

describe('an assessment', () => {
  it('is started once: a second start of the same instrument finds the first', async () => {
    const first = await started()
    const again = await asStaff(async (db) => {
      const [instrument] = await offeredInstruments(db)
      const file = { id: first.clientId, siteId, restrictedTo: null }
      return startAssessment(db, hand(noon), file, {
        instrument: instrument!,
        manner: 'paper',
        language: 'en',
        answeredOn: null,
      })
    })
    expect(again).toBe(first.id)
    expect(await asStaff((db) => assessmentsOf(db, [first.clientId]))).toHaveLength(1)
    expect(first.reference).toMatch(/^A-[0-9A-Z]{4}-[0-9A-Z]{2}$/)
  })

  it('keeps every save, and the answers of questions that do not show until it is completed', async () => {
    const assessment = await started()
    const answers = new Map([
      ['caring', said(false)],
      ['children', [{ kind: 'number' as const, number: 2 }]],
    ])
    await asStaff((db) => saveDraft(db, hand(noon), assessment, { answers, page: 'home' }))
    const saved = await read(assessment.id)
    expect(currentAnswers(saved)).toEqual(answers)
    expect(await asStaff((db) => pagesSeen(db, assessment.id))).toEqual(new Set(['home']))

    await asStaff((db) => completeAnswers(db, hand(noon), saved, day('2026-03-02')))
    const completed = await read(assessment.id)
    expect(completed.answers).toEqual(new Map([['caring', said(false)]]))
    expect(completed).toMatchObject({ version: 1, answeredOn: '2026-03-02', draft: null })
    const events = await asStaff((db) => historyOf(db, completed))
    expect(events.map(({ kind, page }) => [kind, page])).toEqual([
      ['started', null],
      ['saved', 'home'],
      ['completed', null],
    ])
    expect(events[1]?.answers).toEqual(answers)
  })

  it('can be changed after completion; the completed answers count until the changes are saved', async () => {
    const open = await started()
    await asStaff((db) => saveDraft(db, hand(), open, { answers: new Map([['caring', said(true)]]), page: 'home' }))
    await asStaff(async (db) => completeAnswers(db, hand(), (await findAssessment(db, open.id))!, day('2026-03-02')))
    await asStaff(async (db) => {
      const completed = (await findAssessment(db, open.id))!
      await saveDraft(db, hand(noon), completed, { answers: new Map([['caring', said(false)]]), page: 'home' })
    })
    const changing = await read(open.id)
    expect(stateOf(changing)).toBe('changing')
    const asked = { asOf: nextDay, on: day('2026-03-03') }
    expect((await asStaff((db) => profileOf(db, open.clientId, asked))).facts).toEqual({ caring_duties: true })

    await asStaff((db) => completeAnswers(db, hand(noon), changing, day('2026-03-03')))
    const changed = await read(open.id)
    expect(changed).toMatchObject({ version: 2, answeredOn: '2026-03-02', completedAt: morning })
    expect((await asStaff((db) => profileOf(db, open.clientId, asked))).facts).toEqual({ caring_duties: false })
    // What was known before the change stays readable: episodes use only what was known at their start.
    const then = { asOf: new Date('2026-03-02T10:00:00Z'), on: day('2026-03-02') }
    expect((await asStaff((db) => profileOf(db, open.clientId, then))).facts).toEqual({ caring_duties: true })
  })

  it('that is put away leaves the list, but not the record; changes put away leave the completed answers', async () => {
    const open = await started()
    await asStaff((db) => discardDraft(db, hand(), open))
    expect(await asStaff((db) => assessmentsOf(db, [open.clientId]))).toEqual([])
    expect(stateOf(await read(open.id))).toBe('discarded')

    const other = await started()
    await asStaff((db) => saveDraft(db, hand(), other, { answers: new Map([['quiet', said(true)]]), page: 'access' }))
    await asStaff(async (db) => completeAnswers(db, hand(), (await findAssessment(db, other.id))!, day('2026-03-02')))
    await asStaff(async (db) =>
      saveDraft(db, hand(), (await findAssessment(db, other.id))!, { answers: new Map(), page: 'access' }),
    )
    await asStaff(async (db) => discardDraft(db, hand(), (await findAssessment(db, other.id))!))
    const kept = await read(other.id)
    expect(stateOf(kept)).toBe('completed')
    expect(kept.answers).toEqual(new Map([['quiet', said(true)]]))
  })
})

describe('who sees an assessment', () => {
  it('is who sees the client’s file', async () => {
    const assessment = await started()
    const find = (scope: object) => database.as({ networkId, ...scope }, (db) => findAssessment(db, assessment.id))
    expect(await find({ roles: ['administrator'] })).toBeUndefined()
    expect(await find({ networkId: await database.addNetwork() })).toBeUndefined()
    await asStaff((db) => followFile(db, { id: assessment.clientId, siteId, restrictedTo: [staffId] }))
    expect(await find({ actorId: newId() })).toBeUndefined()
    expect(await find({ actorId: staffId })).toBeDefined()
    expect(await database.as({ networkId, actorId: newId() }, (db) => historyOf(db, assessment))).toEqual([])
  })

  it('and nobody may rewrite its history', async () => {
    const assessment = await started()
    const rewrite = (db: Db) =>
      db
        .updateTable('assessment_events')
        .set({ kind: 'completed' })
        .where('assessment_id', '=', assessment.id)
        .execute()
    await expect(asStaff(rewrite)).rejects.toThrow(/permission denied/)
    const erase = (db: Db) => db.deleteFrom('assessment_events').where('assessment_id', '=', assessment.id).execute()
    await expect(asStaff(erase)).rejects.toThrow(/permission denied/)
  })
})

describe('the profile of a client', () => {
  it('joins the latest answers to each instrument, the later telling first, and the record before all', async () => {
    const first = await started()
    const file = { id: first.clientId, siteId, restrictedTo: null }
    const complete = async (url: string, answers: ReadonlyMap<string, readonly Answer[]>, on: string) =>
      asStaff(async (db) => {
        const instrument = (await offeredInstruments(db)).find((one) => one.instrument.url === url)!
        const id = await startAssessment(db, hand(), file, {
          instrument,
          manner: 'paper',
          language: 'en',
          answeredOn: day(on),
        })
        await saveDraft(db, hand(), (await findAssessment(db, id))!, { answers, page: 'x' })
        await completeAnswers(db, hand(), (await findAssessment(db, id))!, day(on))
        return id
      })
    const option = (key: string): readonly Answer[] => [{ kind: 'option', key }]
    await complete(
      'urn:waypost:instrument:first-conversation',
      new Map([
        ['sex', option('female')],
        ['housing', option('no')],
      ]),
      '2026-02-01',
    )
    const later = await complete(
      'urn:waypost:instrument:what-matters',
      new Map([
        ['in-the-way', option('travel')],
        ['hours-a-week', [{ kind: 'number' as const, number: 20 }]],
      ]),
      '2026-02-20',
    )
    const profile = await asStaff((db) =>
      profileOf(db, file.id, { asOf: nextDay, on: day('2026-03-03'), known: { age: 41 } }),
    )
    expect(profile.facts).toEqual({ needs: ['transport', 'housing'], hours_a_week: 20, age: 41 })
    expect(profile.sources.hours_a_week).toEqual([
      { assessmentId: later, linkId: 'hours-a-week', answeredOn: '2026-02-20' },
    ])
  })

  it('of someone who was never asked is empty', async () => {
    const client = await aClient()
    expect(await asStaff((db) => profileOf(db, client.id, { asOf: nextDay, on: day('2026-03-03') }))).toEqual({
      facts: {},
      sources: {},
    })
  })
})

describe('instruments', () => {
  const text = (version: string, words: string) =>
    JSON.stringify(aQuestionnaire([group('g', [question('string', 'a', { text: words })])], { version }))
  const take = (json: string, now = morning) =>
    asJob((db) => importInstrument(db, { networkId, addedBy: null, now }, json))

  it('come in once: the same again changes nothing, other questions need another version', async () => {
    expect(await take(text('1', 'One?'))).toMatchObject({ ok: true, value: { outcome: 'added', title: 'A test' } })
    expect(await take(text('1', 'One?'))).toMatchObject({ ok: true, value: { outcome: 'unchanged' } })
    expect(await take(text('1', 'Two?'))).toEqual({ ok: false, problem: [{ code: 'version_taken', detail: '1' }] })
  })

  it('are replaced by a later version, and offered again when that one is retired', async () => {
    const [one, two] = [await take(text('7', 'One?'), noon), await take(text('8', 'Two?'), nextDay)]
    const offered = () =>
      asStaff(async (db) => (await offeredInstruments(db)).map(({ instrument }) => instrument.version))
    expect(await offered()).toContain('8')
    expect(await offered()).not.toContain('7')
    const id = two.ok && two.value.id
    if (!one.ok || !id) throw new Error('not imported')
    await database.as({ networkId, actorId: staffId, roles: ['administrator'] }, (db) =>
      retireInstrument(db, id, staffId, nextDay),
    )
    expect(await offered()).toContain('7')
  })

  it('that are no JSON, or hold what cannot be stored, are refused', async () => {
    expect(await take('{')).toMatchObject({ ok: false, problem: [{ code: 'not_json' }] })
    expect(await take(text('9', 'Half a pair: \ud800'))).toMatchObject({ ok: false, problem: [{ code: 'unstorable' }] })
    expect(await take('\uFEFF' + text('10', 'With a byte order mark?'))).toMatchObject({ ok: true })
  })

  it('that ship can be installed again without doubling', async () => {
    await asJob((db) => installShippedInstruments(db, networkId, nextDay))
    const shipped = (await asStaff(listInstruments)).filter(({ source }) => source === 'shipped')
    expect(shipped.map(({ instrument }) => instrument.title.text)).toEqual([
      'First conversation',
      'Skills and work',
      'What matters to you',
    ])
  })

  it('are taken in by administrators alone', async () => {
    const taken = asStaff((db) =>
      importInstrument(db, { networkId, addedBy: staffId, now: morning }, text('11', 'Mine?')),
    )
    await expect(taken).rejects.toThrow(/row-level security/)
  })
})
