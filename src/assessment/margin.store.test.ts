import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { disclosureKinds, disclosuresOf, registerClient } from '#clients/index.ts'
import { insertSite } from '#networks/index.ts'
import type { CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import { testDatabase, type TestDatabase } from '#platform/db/testing.ts'
import { newId, type ClientId, type NetworkId, type SiteId, type StaffId } from '#platform/ids.ts'
import type { Answer, Answers } from './answers.ts'
import type { Assessment } from './assessment.ts'
import { historyOf } from './assessment-events.store.ts'
import { assessmentsOf, completeAnswers, findAssessment, saveDraft, startAssessment } from './assessments.store.ts'
import type { Save } from './assessments.store.ts'
import { carryOver } from './carry-over.ts'
import { deskParts, deskStanding, isOnlyAtDesk } from './desk.ts'
import { disclosedFacts } from './disclosed.ts'
import { aQuestionnaire, group, question } from './instrument.factory.ts'
import {
  importInstrument,
  installShippedInstruments,
  offeredInstruments,
  retireInstrument,
} from './instruments.store.ts'
import { questionsOf } from './instrument.ts'
import { answerCounts } from './items/every-type.item.ts'
import type { Manner } from './margin.ts'
import { factsToldBy } from './profile.ts'
import { profileOf } from './profile.store.ts'

const day = (text: string) => text as CalendarDay
const morning = new Date('2026-03-02T09:00:00Z')
const later = new Date('2026-03-09T09:00:00Z')
const yes = (is: boolean): readonly Answer[] => [{ kind: 'yes_no', yes: is }]
const option = (...keys: string[]): readonly Answer[] => keys.map((key) => ({ kind: 'option', key }))
const first = 'urn:waypost:instrument:first-conversation'

let database: TestDatabase
let networkId: NetworkId
let siteId: SiteId
const staffId: StaffId = newId()

beforeAll(async () => {
  database = await testDatabase()
  networkId = await database.addNetwork()
  const site = { name: 'Centre', kind: 'centre', address: '', position: null, timeZone: null, isActive: true } as const
  siteId = await database.as({ networkId, roles: ['administrator'] }, (db) => insertSite(db, networkId, site))
  await asJob((db) => installShippedInstruments(db, networkId, morning))
})
afterAll(() => database.drop())

const asJob = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, role: 'job' }, work)
const asStaff = <T>(work: (db: Db) => Promise<T>) => database.as({ networkId, actorId: staffId }, work)
const hand = (now = morning, by: StaffId | null = staffId) => ({ networkId, staffId: by, now })
const read = (id: Assessment['id']) => asStaff(async (db) => (await findAssessment(db, id))!)

async function aClient(): Promise<{ id: ClientId; siteId: SiteId; restrictedTo: null }> {
  const person = {
    ...{ name: 'Ana', familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person' as const] },
    ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null, address: null },
    ...{ residenceArea: null, position: null },
  }
  const { id } = await asStaff((db) => registerClient(db, hand(), { person, siteId, adviserId: null }))
  return { id, siteId, restrictedTo: null }
}

async function started({ manner = 'in_person' as Manner, url = first, file = null as Assessment['clientId'] | null }) {
  const client = file ? { id: file, siteId, restrictedTo: null } : await aClient()
  return asStaff(async (db) => {
    const instrument = (await offeredInstruments(db)).find((one) => one.instrument.url === url)!
    const start = { instrument, manner, language: 'en', answeredOn: null }
    return (await findAssessment(db, await startAssessment(db, hand(), client, start)))!
  })
}

async function saved(assessment: Assessment, answers: Answers, rest: Partial<Save> & { now?: Date; by?: null } = {}) {
  const { now = morning, by, ...save } = rest
  const whose = hand(now, by === null ? null : staffId)
  await asStaff((db) => saveDraft(db, whose, assessment, { answers, page: 'home', ...save }))
  return read(assessment.id)
}

const completed = async (assessment: Assessment, on = '2026-03-02', now = morning) => {
  await asStaff((db) => completeAnswers(db, hand(now), assessment, day(on)))
  return read(assessment.id)
}

describe('who told an answer', () => {
  it('is kept with it: what the client answered alone is theirs until someone changes it', async () => {
    const alone = await started({ manner: 'by_client' })
    const done = await completed(
      await saved(
        alone,
        new Map([
          ['caring', yes(true)],
          ['quiet', yes(true)],
        ]),
        { by: null },
      ),
    )
    expect(done.margins?.told.get('caring')).toEqual({ way: 'by_client', on: '2026-03-02', by: null })
    const changing = await saved(
      done,
      new Map([
        ['caring', yes(false)],
        ['quiet', yes(true)],
      ]),
      {
        way: 'in_person',
        now: later,
      },
    )
    const changed = await completed(changing, '2026-03-09', later)
    expect(changed.margins?.told.get('caring')).toEqual({ way: 'in_person', on: '2026-03-09', by: staffId })
    expect(changed.margins?.told.get('quiet')).toEqual({ way: 'by_client', on: '2026-03-02', by: null })
    const versions = (await asStaff((db) => historyOf(db, changed))).filter(({ version }) => version !== null)
    expect(versions.map(({ margins }) => margins.told.get('caring')?.way)).toEqual(['by_client', 'in_person'])
  })
})

describe('a note beside an answer', () => {
  it('is kept with each version of the answers, stands beside a blank too, and tells the profile nothing', async () => {
    const open = await started({})
    const notes = new Map([
      ['caring', 'Mother, two afternoons'],
      ['debt', 'Another day'],
    ])
    const done = await completed(await saved(open, new Map([['caring', yes(true)]]), { notes }))
    expect(done.margins?.notes.get('caring')).toEqual({ text: 'Mother, two afternoons', by: staffId, on: '2026-03-02' })
    expect(done.margins?.notes.get('debt')?.text).toBe('Another day')
    const at = { asOf: later, on: day('2026-03-09') }
    expect((await asStaff((db) => profileOf(db, done.clientId, at))).facts).toEqual({ caring_duties: true })
    const changing = await saved(done, new Map([['caring', yes(true)]]), { notes: new Map([['caring', '']]) })
    const changed = await completed(changing)
    expect([...changed.margins!.notes.keys()]).toEqual(['debt'])
    const versions = (await asStaff((db) => historyOf(db, changed))).filter(({ version }) => version !== null)
    expect(versions.map(({ margins }) => margins.notes.has('caring'))).toEqual([true, false])
  })
})

describe('what is asked for fairness alone', () => {
  it('is each kind of disclosure that a file has', () => {
    expect(disclosedFacts).toEqual(disclosureKinds)
  })

  it('goes to the disclosures of the file, never to the profile, and can be taken back there', async () => {
    const open = await started({})
    const told = new Map([
      ['sex', option('female')],
      ['disability', option('yes')],
      ['caring', yes(true)],
    ])
    const done = await completed(await saved(open, told))
    const at = { asOf: later, on: day('2026-03-09') }
    expect((await asStaff((db) => profileOf(db, done.clientId, at))).facts).toEqual({ caring_duties: true })
    const disclosed = () => asStaff((db) => disclosuresOf(db, [done.clientId]))
    expect((await disclosed()).map(({ kind, value }) => [kind, value])).toEqual([
      ['sex', 'female'],
      ['disability', 'yes'],
    ])
    await completed(
      await saved(
        done,
        new Map([
          ['sex', option('female')],
          ['caring', yes(true)],
        ]),
        { now: later },
      ),
      '2026-03-09',
      later,
    )
    expect((await disclosed()).map(({ kind }) => kind)).toEqual(['sex'])
  })
})

describe('the short conversation at the desk', () => {
  it('asks ten questions, with two at most that follow, and of each set its own', async () => {
    const parts = deskParts(await asStaff(offeredInstruments), [])
    const items = parts.flatMap(({ page }) => page.items)
    expect(items.filter(({ conditions }) => conditions.length === 0)).toHaveLength(10)
    expect(items).toHaveLength(12)
    // What settles most kinds of requirement, and what every service is fitted by (docs/guide/question-sets.md).
    const told = new Set(parts.flatMap(({ page }) => questionsOf(page.items).flatMap(factsToldBy)))
    for (const rule of [
      'needs',
      'work_permission',
      'language_level',
      'schooling',
      'months_unemployed',
      'credential_abroad',
    ])
      expect(told).toContain(rule)
    for (const fit of ['hours_available', 'minutes_willing_to_travel', 'caring_duties', 'digital_skills'])
      expect(told).toContain(fit)
    expect(parts.map(({ instrument }) => instrument.title.text)).toEqual([
      'First conversation',
      'Skills and work',
      'What matters to you',
    ])
  })

  it('counts at once, flows into the full conversation, and gives way to it when that is completed', async () => {
    const open = await started({})
    const atDesk = await saved(open, new Map([['caring', yes(true)]]), { way: 'at_desk', page: null })
    expect(isOnlyAtDesk(atDesk)).toBe(true)
    expect(deskStanding(atDesk)).toMatchObject({ answered: 1, on: '2026-03-02' })
    // What is saved afterwards, and not completed, does not count yet.
    const going = await saved(
      atDesk,
      new Map([
        ['caring', yes(true)],
        ['childcare', yes(true)],
        ['children', [{ kind: 'number', number: 2 }]],
      ]),
    )
    expect(isOnlyAtDesk(going)).toBe(false)
    const at = (asOf: Date) => ({ asOf, on: day('2026-03-09') })
    const profile = (asOf: Date) => asStaff((db) => profileOf(db, open.clientId, at(asOf)))
    expect(await profile(morning)).toEqual({
      facts: { caring_duties: true },
      sources: { caring_duties: [{ assessmentId: open.id, linkId: 'caring', answeredOn: '2026-03-02' }] },
    })
    await completed(going, '2026-03-09', later)
    expect((await profile(later)).facts).toEqual({ caring_duties: true, children: 2, needs: ['childcare'] })
    expect((await profile(morning)).facts).toEqual({ caring_duties: true })
  })
})

describe('another version of a set', () => {
  const url = 'urn:test:versions'
  const take = (version: string, items: readonly object[]) =>
    asJob((db) =>
      importInstrument(
        db,
        { networkId, addedBy: null, now: version === '1' ? morning : later },
        JSON.stringify(aQuestionnaire([group('g', items as never)], { url, version })),
      ),
    )

  it('leaves an open assessment on the version that it began with, and takes its answers where they fit', async () => {
    await take('1', [question('boolean', 'same'), question('string', 'retyped'), question('choice', 'fewer')])
    const open = await started({ url })
    const given = new Map([
      ['same', yes(true)],
      ['retyped', [{ kind: 'text', text: 'x' } as const]],
      ['fewer', option('c')],
    ])
    const draft = await saved(open, given, { notes: new Map([['same', 'Sure of it']]) })
    await take('2', [
      question('boolean', 'same'),
      question('integer', 'retyped'),
      question('choice', 'fewer', { answerOption: [{ valueCoding: { system: 'urn:test', code: 'a' } }] }),
      question('boolean', 'added'),
    ])
    const [offered] = (await asStaff(offeredInstruments)).filter(({ instrument }) => instrument.url === url)
    expect(offered?.instrument.version).toBe('2')
    // A second start finds the open one, and it is still the first version.
    expect((await started({ url, file: open.clientId })).id).toBe(open.id)
    const done = await completed(draft)
    expect(done.instrument.version).toBe('1')
    const carried = carryOver(done, offered!.instrument, answerCounts)
    expect([...carried.answers]).toEqual([['same', yes(true)]])
    const next = await asStaff(async (db) => {
      const start = { instrument: offered!, manner: 'in_person', language: 'en', answeredOn: null, carried } as const
      return (await findAssessment(db, await startAssessment(db, hand(later), { ...done, id: done.clientId }, start)))!
    })
    expect(next.draft).toEqual(carried.answers)
    expect(next.draftMargins?.told.get('same')).toEqual({ way: 'in_person', on: '2026-03-02', by: staffId })
    expect(next.draftMargins?.notes.get('same')?.text).toBe('Sure of it')
  })

  it('that is retired starts nothing new, and what was answered stays readable', async () => {
    const asked = await completed(
      await saved(
        await started({ url: 'urn:waypost:instrument:what-matters' }),
        new Map([['hours-a-week', [{ kind: 'number', number: 20 }]]]),
      ),
    )
    await database.as({ networkId, actorId: staffId, roles: ['administrator'] }, (db) =>
      retireInstrument(db, asked.instrumentId, staffId, later),
    )
    const titles = (await asStaff(offeredInstruments)).map(({ instrument }) => instrument.title.text)
    expect(titles).not.toContain('What matters to you')
    const [kept] = await asStaff((db) => assessmentsOf(db, [asked.clientId]))
    expect(kept?.answers?.get('hours-a-week')).toEqual([{ kind: 'number', number: 20 }])
  })
})
