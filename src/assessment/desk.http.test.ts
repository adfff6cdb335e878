import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { registerClient } from '#clients/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { ClientId } from '#platform/ids.ts'
import { aQuestionnaire, group, question } from './instrument.factory.ts'
import { importInstrument, installShippedInstruments, listInstruments } from './instruments.store.ts'
import { assessmentsOf } from './assessments.store.ts'

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
const words = (body: string) =>
  body
    .slice(body.indexOf('<main'))
    .replace(/<(br|\/p|\/li|\/d[dt]|\/t[dh]|\/h\d)[^>]*>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/\s+/g, ' ')
const shown = (body: string) => [...body.matchAll(/name="shown" value="([^"]+)">/g)].map((match) => match[1])
const location = (response: { headers: Record<string, unknown> }) => String(response.headers['location'])

async function aClient(): Promise<ClientId> {
  const person = {
    ...{ name: 'Ana', familyName: null, birthDate: null, phones: [], email: null, reachedBy: ['in_person' as const] },
    ...{ language: null, script: null, needsInterpreter: false, accessNeeds: [], accessWords: null, address: null },
    ...{ residenceArea: null, position: null },
  }
  const hand = { networkId: app.networkId, staffId: null, now }
  const { id } = await app.database.as({ networkId: app.networkId }, (db) =>
    registerClient(db, hand, { person, siteId: app.siteId, adviserId: null }),
  )
  return id
}

describe('the short first conversation', () => {
  it('is one page of ten questions, asks what follows without a script, and leaves the rest for later', async () => {
    const id = await aClient()
    const at = `/clients/${id}/assessments/short`
    const page = (await adviser.get(at)).body
    expect(shown(page)).toHaveLength(10)
    expect(words(page)).toContain('10 questions, about three minutes.')

    const given = {
      shown: shown(page) as string[],
      'q-caring': 'true',
      'q-ever-worked': 'o:yes',
      'q-language-here': 'o:B1',
      'q-hours': ['o:mornings', 'o:evenings'],
    }
    const followed = await adviser.post(at, given)
    expect(location(followed)).toBe(`${at}#q-working-now-item`)
    expect(shown((await adviser.get(at)).body)).toContain('working-now')

    const done = await adviser.post(at, { ...given, shown: [...given.shown, 'working-now'] })
    expect(location(done)).toBe(`/clients/${id}`)
    const file = (await adviser.get(`/clients/${id}`)).body
    expect(words(file)).toContain('4 answers are kept.')
    expect(words(file)).toContain('at the desk on 2 March 2026')

    const open = await app.database.as({ networkId: app.networkId }, (db) => assessmentsOf(db, [id]))
    expect(open.map(({ instrument }) => instrument.title.text).toSorted()).toEqual([
      'First conversation',
      'Skills and work',
      'What matters to you',
    ])
    const skills = open.find(({ instrument }) => instrument.title.text === 'Skills and work')!
    expect(words((await adviser.get(`/assessments/${skills.id}`)).body)).toMatch(
      /2 of \d+ questions were answered at the desk on 2 March 2026\. Only the rest is asked here\./,
    )
    const languages = (await adviser.get(`/assessments/${skills.id}/groups/languages`)).body
    expect(words(languages)).toContain('1 question answered before')
    expect(words(languages)).toContain('Told at the desk on 2 March 2026')
  })

  it('comes back with what was typed when an answer cannot be kept, and wants one answer at least', async () => {
    const at = `/clients/${await aClient()}/assessments/short`
    const empty = await adviser.post(at, {})
    expect(empty.statusCode).toBe(400)
    expect(words(empty.body)).toContain('Answer at least one question first')
    const wrong = await adviser.post(at, { 'q-caring': 'true', 'q-travel-minutes': 'far' })
    expect(wrong.statusCode).toBe(400)
    expect(wrong.body).toContain('href="#q-travel-minutes"')
    expect(wrong.body).toMatch(/id="q-travel-minutes"[^>]*value="far"/)
  })
})

describe('a note beside an answer', () => {
  it('is typed with the answer, shown in the summary, and refused when it is long', async () => {
    const id = await aClient()
    const [first] = await asJob(listInstruments)
    const started = await adviser.post(`/clients/${id}/assessments`, { instrument: first!.id, manner: 'in_person' })
    const at = /^\/assessments\/[0-9a-f-]+/.exec(location(started))![0]
    const long = await adviser.post(`${at}/groups/home`, { 'q-caring': 'true', 'note-q-caring': 'x'.repeat(301) })
    expect(long.statusCode).toBe(400)
    expect(long.body).toContain('href="#note-q-caring"')
    await adviser.post(`${at}/groups/home`, { 'q-caring': 'true', 'note-q-caring': 'Her mother, <two> afternoons' })
    const check = (await adviser.get(`${at}/check`)).body
    expect(check).toContain('Her mother, &lt;two&gt; afternoons')
    await adviser.post(`${at}/complete`)
    expect((await adviser.get(at)).body).toContain('Her mother, &lt;two&gt; afternoons')
    // What leaves the house as FHIR carries the answers alone.
    expect((await adviser.get(`${at}/response.json`)).body).not.toContain('afternoons')
  })
})

describe('the pages of a question set', () => {
  it('show it as it will look, save nothing, and say what is translated and what a version changed', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const take = (version: string, at: Date, items: readonly object[]) =>
      asJob((db) =>
        importInstrument(
          db,
          { networkId: app.networkId, addedBy: null, now: at },
          JSON.stringify(aQuestionnaire([group('g', items as never)], { url: 'urn:test:pages', version })),
        ),
      )
    await take('1', now, [question('boolean', 'a'), question('string', 'b')])
    const hidden = { enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }] }
    await take('2', new Date('2026-03-03T09:00:00Z'), [
      question('boolean', 'a', { text: 'Anew' }),
      question('date', 'c', hidden),
    ])
    const own = (await asJob(listInstruments)).filter(({ instrument }) => instrument.url === 'urn:test:pages')
    const [newer, older] = own
    const at = `/instruments/${newer!.id}`
    const about = words((await administrator.get(at)).body)
    expect(about).toContain('Retiring it means that version 1 is started instead.')

    const preview = (await administrator.get(`${at}/preview`)).body
    expect(preview).not.toMatch(/<form[^>]*\/instruments/)
    expect(preview).toMatch(/data-item="c"[^>]* hidden/)
    expect((await administrator.get(`${at}/preview?all=yes`)).body).not.toMatch(/data-item="c"[^>]* hidden/)

    const missing = words((await administrator.get(`${at}/translations?language=so`)).body)
    expect(missing).toContain('0 of 4 texts translated')
    expect(missing).toContain('c question or words Question c')

    const changes = words((await administrator.get(`${at}/changes`)).body)
    expect(changes).toContain('3 items differ between versions 1 and 2.')
    expect(changes).toContain(
      'a Changed: words Answers carry over where the answer is still offered Question a yes or no Anew',
    )
    expect(changes).toContain('b Removed Answers do not carry over')
    expect((await administrator.get(`${at}/changes?with=${older!.id}`)).statusCode).toBe(200)
    const list = words((await administrator.get('/instruments')).body)
    expect(list).toContain('1 earlier or retired version')
  })
})
