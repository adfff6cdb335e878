import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient, type Client } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import { aQuestionnaire, group, question } from './instrument.factory.ts'
import { importInstrument, installShippedInstruments, offeredInstruments } from './instruments.store.ts'

const now = new Date('2026-03-02T09:00:00Z')
let app: TestApp
let adviser: TestBrowser

beforeAll(async () => {
  app = await testApp()
  app.setNow(now)
  adviser = await app.signIn()
  await asJob((db) => installShippedInstruments(db, app.networkId, now))
})
afterAll(() => app.close())

const asJob = <T>(work: (db: Db) => Promise<T>) => app.database.as({ networkId: app.networkId, role: 'job' }, work)

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

async function aClient(): Promise<Client> {
  const hand = { networkId: app.networkId, staffId: null, now }
  return app.database.as({ networkId: app.networkId }, (db) =>
    registerClient(db, hand, { person, siteId: app.siteId, adviserId: null }),
  )
}

async function instrumentId(title: string): Promise<string> {
  const offered = await asJob(offeredInstruments)
  return offered.find(({ instrument }) => instrument.title.text === title)!.id
}

/** Starts the instrument; gives the address of the assessment. */
async function start(
  title: string,
  { client, fields = {} }: { client?: Client; fields?: Record<string, string> } = {},
): Promise<string> {
  const { id } = client ?? (await aClient())
  const instrument = await instrumentId(title)
  const response = await adviser.post(`/clients/${id}/assessments`, { instrument, manner: 'in_person', ...fields })
  return /^\/assessments\/[0-9a-f-]+/.exec(String(response.headers.location))![0]
}

const location = (response: { headers: Record<string, unknown> }) => String(response.headers['location'])
/** The lines of the error summary: where each leads and what it says. */
const errors = (body: string) => {
  const summary = /govuk-error-summary__list">([\s\S]*?)<\/ul>/.exec(body)?.[1] ?? ''
  return [...summary.matchAll(/<a href="([^"]+)">([^<]+)</g)].map((match) => [match[1], match[2]!.trim()])
}
/** What a page says, without its markup. */
const words = (body: string) =>
  body
    .slice(body.indexOf('<main'))
    .replace(/<(br|\/p|\/li|\/d[dt]|\/td|\/h\d)[^>]*>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
const visible = (body: string) => [...body.matchAll(/name="shown" value="([^"]+)">/g)].map((match) => match[1])

describe('an adviser asks', () => {
  it('the first group at once, then one group after another, to the check', async () => {
    const client = await aClient()
    const started = await adviser.post(`/clients/${client.id}/assessments`, {
      instrument: await instrumentId('First conversation'),
      manner: 'in_person',
    })
    expect(started.statusCode).toBe(303)
    expect(location(started)).toMatch(/\/groups\/today$/)
    const first = await adviser.get(location(started))
    expect(first.body).toContain('What brings you here today?')
    expect(first.body).toContain('In your own words. A few words are enough.')
    let here = location(started)
    const visited = []
    for (let steps = 0; steps < 12 && here.includes('/groups/'); steps++) {
      visited.push(here.split('/').pop())
      here = location(
        await adviser.post(here, { shown: visible((await adviser.get(here)).body).filter((id) => id !== undefined) }),
      )
    }
    expect(visited).toEqual(['today', 'home', 'reach', 'access', 'papers', 'wellbeing', 'about-you'])
    expect(here).toMatch(/\/check$/)
  })

  it('and what was answered is saved, shown again, and marked in the list of parts', async () => {
    const at = await start('First conversation')
    await adviser.post(`${at}/groups/today`, {
      'q-reason': 'A job as a baker',
      'q-help-wanted': ['o:job', 'other'],
      'q-help-wanted-other': 'A bicycle',
    })
    const group = (await adviser.get(`${at}/groups/today`)).body
    expect(group).toContain('A job as a baker')
    expect(group).toMatch(/value="o:job" checked/)
    expect(group).toContain('value="A bicycle"')
    const tasks = (await adviser.get(at)).body
    expect(tasks).toContain('2 of 2 answered')
    expect(tasks).toContain('Not started')
  })

  it('while a colleague saves another group: both keep what they saved', async () => {
    const at = await start('First conversation')
    await Promise.all([
      adviser.post(`${at}/groups/today`, { 'q-reason': 'A job as a baker' }),
      adviser.post(`${at}/groups/home`, { 'q-area': 'Old town' }),
      adviser.post(`${at}/groups/access`, { 'q-access-other': 'A chair' }),
    ])
    const check = words((await adviser.get(`${at}/check`)).body)
    for (const answer of ['A job as a baker', 'Old town', 'A chair']) expect(check).toContain(answer)
  })

  it('may stop at any time: saving for later needs nothing to be whole', async () => {
    const url = 'urn:test:needed'
    await asJob((db) =>
      take(
        db,
        aQuestionnaire([group('g', [question('string', 'a', { required: true }), question('integer', 'n')])], {
          url,
          title: 'Needed',
        }),
      ),
    )
    const at = await start('Needed')
    const whole = await adviser.post(`${at}/groups/g`, { 'q-a': '', 'q-n': 'many', shown: ['a', 'n'] })
    expect(whole.statusCode).toBe(400)
    expect(errors(whole.body)).toEqual([
      ['#q-a', 'Question a This needs an answer'],
      ['#q-n', 'Question n Enter a whole number, such as 12'],
    ])
    expect(whole.body).toContain('value="many"')
    const later = await adviser.post(`${at}/groups/g`, { 'q-a': '', 'q-n': '3', next: 'later', shown: ['a', 'n'] })
    expect(location(later)).toBe(at)
    const refused = await adviser.post(`${at}/complete`)
    expect(refused.statusCode).toBe(400)
    expect(errors(refused.body)).toEqual([[`${at}/groups/g?back=check#q-a-item`, 'Question a This needs an answer']])
  })
})

it('a date out of its bounds is refused in the words of the reader', async () => {
  const extension = [{ url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueDate: '2026-03-01' }]
  const json = aQuestionnaire([group('g', [question('date', 'd', { extension })])], {
    url: 'urn:test:dated',
    title: 'Dated',
  })
  await asJob((db) => take(db, json))
  const at = await start('Dated')
  const refused = await adviser.post(`${at}/groups/g`, {
    'q-d-day': '2',
    'q-d-month': '3',
    'q-d-year': '2026',
    shown: ['d'],
  })
  expect(errors(refused.body)).toEqual([['#q-d-day', 'Question d Enter a date that is 1 March 2026 or earlier']])
})

describe('a question that another one opens', () => {
  it('comes with the form again when no script showed it, and then no more', async () => {
    const at = await start('First conversation')
    const page = `${at}/groups/home`
    const before = visible((await adviser.get(page)).body)
    expect(before).not.toContain('children')
    const opened = await adviser.post(page, { 'q-caring': 'true', shown: before.map(String) })
    expect(location(opened)).toBe(`${page}#q-children-item`)
    const again = await adviser.get(page)
    expect(again.body).toContain('One more question follows from your answers')
    const after = visible(again.body)
    expect(after).toContain('children')
    const next = await adviser.post(page, { 'q-caring': 'true', 'q-children': '', shown: after.map(String) })
    expect(location(next)).toBe(`${at}/groups/reach`)
  })

  it('does not stop whoever has seen it already', async () => {
    const at = await start('First conversation')
    const shown = ['area', 'housing', 'caring', 'children']
    const next = await adviser.post(`${at}/groups/home`, { 'q-caring': 'true', 'q-children': '0', shown })
    expect(location(next)).toBe(`${at}/groups/reach`)
  })

  it('is no problem while it does not show, whatever was typed into it', async () => {
    const at = await start('First conversation')
    const next = await adviser.post(`${at}/groups/home`, {
      'q-caring': 'false',
      'q-children': 'lots',
      shown: ['area', 'housing', 'caring'],
    })
    expect(next.statusCode).toBe(303)
  })
})

describe('a completed assessment', () => {
  async function completed(client: Client): Promise<string> {
    const at = await start('Skills and work', { client })
    await adviser.post(`${at}/groups/skills`, {
      'q-knows-aim': 'o:yes',
      'q-feels-ready': 'o:little',
      shown: ['knows-aim', 'knows-how', 'feels-ready'],
    })
    await adviser.post(`${at}/complete`)
    return at
  }

  it('is not made of nothing', async () => {
    const at = await start('What matters to you')
    const refused = await adviser.post(`${at}/complete`)
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('Answer at least one question first')
  })

  it('shows its answers and scores, with what is missing', async () => {
    const client = await aClient()
    const at = await completed(client)
    const page = words((await adviser.get(at)).body)
    expect(page).toContain('Told on 2 March 2026')
    expect(page).toContain('How ready do you feel?: 4 of 9')
    expect(page).toContain('1 question without an answer that counts')
    expect((await adviser.get(`/clients/${client.id}/assessments`)).body).toContain('Completed')
  })

  it('can be changed; the history says who changed what', async () => {
    const at = await completed(await aClient())
    const changed = await adviser.post(`${at}/groups/skills`, {
      'q-knows-aim': 'o:no',
      'q-feels-ready': 'o:little',
      back: 'check',
      shown: ['knows-aim'],
    })
    expect(location(changed)).toBe(`${at}/groups/skills?back=check#q-good-at-item`)
    expect((await adviser.get(`${at}/check`)).body).toContain('1 answer is different')
    expect((await adviser.get(at)).body).toContain('Some answers are being changed')
    expect(location(await adviser.post(`${at}/complete`))).toBe(at)
    const history = words((await adviser.get(`${at}/history`)).body)
    expect(history).toContain('Changed after completion (version 2)')
    expect(history).toContain('before: Yes now: Not yet')
    expect(history).toContain('Ada Adviser')
  })

  it('that was only looked at has not changed', async () => {
    const at = await completed(await aClient())
    const shown = visible((await adviser.get(`${at}/groups/skills?back=check`)).body).map(String)
    const looked = await adviser.post(`${at}/groups/skills`, {
      'q-knows-aim': 'o:yes',
      'q-feels-ready': 'o:little',
      back: 'check',
      shown,
    })
    expect(location(looked)).toBe(at)
    expect((await adviser.get(at)).body).not.toContain('Some answers are being changed')
  })

  it('can be taken along as FHIR', async () => {
    const at = await completed(await aClient())
    const response = await adviser.get(`${at}/response.json`)
    expect(response.headers['content-type']).toContain('application/fhir+json')
    expect(response.json()).toMatchObject({
      resourceType: 'QuestionnaireResponse',
      questionnaire: 'urn:waypost:instrument:skills-and-work|1.1.0',
      status: 'completed',
    })
  })
})

describe('on paper', () => {
  it('an instrument carries nothing of a person but a reference', async () => {
    const client = await aClient()
    const at = await start('First conversation', { client, fields: { manner: 'paper' } })
    const paper = await adviser.get(
      `/instruments/${await instrumentId('First conversation')}/paper?assessment=${at.split('/').pop()}`,
    )
    expect(words(paper.body)).toMatch(/Reference: A-[0-9A-Z]{4}-[0-9A-Z]{2} /)
    expect(paper.body).not.toContain('Ana')
    expect(words(paper.body)).toContain('Only if you answered “Yes” to question 5')
  })

  it('and is typed in with the day on which it was filled in', async () => {
    const client = await aClient()
    const fields = { manner: 'paper', 'day-day': '20', 'day-month': '2', 'day-year': '2026' }
    const at = await start('What matters to you', { client, fields })
    await adviser.post(`${at}/groups/time`, { 'q-hours-a-week': '20', shown: ['hours-a-week'] })
    await adviser.post(`${at}/complete`)
    expect(words((await adviser.get(at)).body)).toContain('Told on 20 February 2026. On paper, typed in afterwards')
  })

  it('cannot have been filled in tomorrow', async () => {
    const fields = {
      instrument: await instrumentId('What matters to you'),
      manner: 'paper',
      'day-day': '3',
      'day-month': '3',
      'day-year': '2026',
    }
    const refused = await adviser.post(`/clients/${(await aClient()).id}/assessments`, fields)
    expect(refused.statusCode).toBe(400)
    expect(errors(refused.body)).toEqual([['#day-day', 'Enter a day that is today or earlier']])
  })
})

describe('in another language', () => {
  const translated = (content: string) => ({
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/translation',
        extension: [
          { url: 'lang', valueCode: 'ar' },
          { url: 'content', valueString: content },
        ],
      },
    ],
  })

  it('questions stand in the client’s language and direction, Waypost’s own words in the adviser’s', async () => {
    const item = [group('g', [question('string', 'a', { text: 'Why?', _text: translated('لماذا؟') })])]
    await asJob((db) => take(db, aQuestionnaire(item, { url: 'urn:test:arabic', title: 'Both' })))
    const at = await start('Both', { fields: { language: 'ar' } })
    const page = (await adviser.get(`${at}/groups/g`)).body
    expect(page).toContain('<span data-content lang="ar" dir="rtl">لماذا؟</span>')
    expect(page).toContain('Save and continue')
    await adviser.post(`${at}/language`, { language: 'en' })
    expect((await adviser.get(`${at}/groups/g`)).body).toContain('Why?')
  })
})

describe('who may', () => {
  it('see a client’s assessment is nobody without a client role, and nobody from elsewhere without a reason', async () => {
    const at = await start('First conversation')
    expect((await (await app.signIn({ roles: ['administrator'] })).get(at)).statusCode).toBe(403)
    const elsewhere = await (await app.signIn({ siteIds: [] })).get(at)
    expect(location(elsewhere)).toMatch(/\/reason$/)
    expect(location(await app.stranger().get(at))).toMatch(/sign-in/)
    expect((await adviser.get('/assessments/0190a000-0000-7000-8000-000000000000')).statusCode).toBe(404)
  })

  it('add and retire question sets is an administrator alone', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const content = JSON.stringify(
      aQuestionnaire([group('g', [question('string', 'a')])], { url: 'urn:test:own', title: 'Our own' }),
    )
    expect((await adviser.upload('/instruments', { name: 'own.json', content })).statusCode).toBe(403)
    const added = await administrator.upload('/instruments', { name: 'own.json', content })
    expect(location(added)).toBe('/instruments')
    expect((await administrator.get('/instruments')).body).toContain('Our own was added and can be used now.')
    expect((await adviser.get(`/clients/${(await aClient()).id}/assessments/new`)).body).toContain('Our own')
    await administrator.post(`/instruments/${await instrumentId('Our own')}/retire`)
    expect((await adviser.get(`/clients/${(await aClient()).id}/assessments/new`)).body).not.toContain('Our own')
  })

  it('add one that Waypost cannot ask gets the whole list of what to mend', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const content = JSON.stringify(aQuestionnaire([question('quantity', 'weight'), question('time', 'when')]))
    const refused = await administrator.upload('/instruments', { name: 'wrong.json', content })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('have to be mended')
    expect(words(refused.body)).toContain('weight quantity Items of type quantity are not supported.')
    expect(words(refused.body)).toContain('when time Items of type time are not supported.')
    expect((await administrator.upload('/instruments', { name: 'x.json', content: 'no' })).body).toContain(
      'The file is no JSON',
    )
    const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
    const deep = content.replace('{', `{"meta":${nested},`)
    const told = await administrator.upload('/instruments', { name: 'deep.json', content: deep })
    expect([told.statusCode, told.body.includes('nested too deeply')]).toEqual([400, true])
  })
})

async function take(db: Db, json: unknown): Promise<void> {
  const taken = await importInstrument(db, { networkId: app.networkId, addedBy: null, now }, JSON.stringify(json))
  if (!taken.ok) throw new Error(JSON.stringify(taken.problem))
}
