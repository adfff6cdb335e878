import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { insertSite } from '#networks/index.ts'
import { sql } from 'kysely'
import type { SiteId, StaffId } from '#platform/ids.ts'

let app: TestApp
let adviser: TestBrowser & { staffId: StaffId }
let elsewhere: SiteId

beforeAll(async () => {
  app = await testApp()
  adviser = await app.signIn({ name: 'Ada Adviser' })
  const site = {
    name: 'Far site',
    kind: 'satellite',
    address: null,
    position: null,
    timeZone: null,
    isActive: true,
  } as const
  elsewhere = await app.database.as({ networkId: app.networkId, roles: ['administrator'] }, (db) =>
    insertSite(db, app.networkId, site),
  )
})

afterAll(() => app.close())

const someone = { name: 'Leila', reachedBy: 'in_person' }

async function register(
  fields: Record<string, string | readonly string[]> = {},
  by: TestBrowser = adviser,
  siteId = app.siteId,
) {
  const answer = await by.post('/clients', { ...someone, siteId, ...fields })
  expect(answer.statusCode, answer.body).toBe(303)
  return String(answer.headers.location)
}

describe('registering', () => {
  it('needs no more than a name to call them by and a way to reach them', async () => {
    const file = await register({ name: 'Onlyname' })
    const shown = await adviser.get(file)
    expect(shown.statusCode).toBe(200)
    expect(shown.body).toContain('Onlyname')
    expect(shown.body).toMatch(/C-[0-9A-Z]{4}-[0-9A-Z]{2}/)
    expect(shown.body).not.toMatch(/<title>[^<]*Onlyname/)
  })

  it('says beside the field what is missing, keeps what was typed and saves nothing', async () => {
    const answer = await adviser.post('/clients', {
      ...{ name: ' ', familyName: 'Keptname', reachedBy: ['phone', 'email'], email: 'no address', siteId: app.siteId },
      ...{ 'birthDate-day': '31', 'birthDate-month': '2', 'birthDate-year': '1990' },
    })
    expect(answer.statusCode).toBe(400)
    for (const id of ['name', 'email', 'birthDate']) expect(answer.body).toContain(`href="#${id}"`)
    expect(answer.body).toContain('value="Keptname"')
    expect((await adviser.get('/search?q=Keptname')).body).toContain('Nothing found')
  })

  it('takes a number that was typed in as a way to reach them, where none was ticked', async () => {
    const answer = await adviser.post('/clients', { name: 'Ticknone', phones: '079 555 66 77', siteId: app.siteId })
    expect(answer.statusCode).toBe(303)
    expect((await adviser.get(String(answer.headers.location))).body).toContain('Phone')
  })

  it('asks for the number, address or e-mail that a way to reach them takes', async () => {
    const answer = await adviser.post('/clients', { name: 'Rea', reachedBy: ['phone', 'letter'], siteId: app.siteId })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('Enter a phone number, or choose another way')
    expect(answer.body).toContain('Enter a postal address, or choose another way')
  })

  it('shows whose file it may be before saving, and saves when it is somebody else', async () => {
    const fields = { name: 'Katarina', familyName: 'Horvat', reachedBy: 'phone', phones: '079 111 22 33' }
    const known = await register(fields)
    const again = { ...fields, name: 'Katarnia', siteId: app.siteId }
    const asked = await adviser.post('/clients', again)
    expect(asked.statusCode).toBe(200)
    expect(asked.body).toContain(`href="${known}"`)
    expect(asked.body).toContain('nearly the same name, the same phone number')
    expect(asked.body).toContain('value="Katarnia"')
    // Saying "somebody else" of files that were not shown is no answer.
    expect((await adviser.post('/clients', { ...again, anyway: 'yes' })).statusCode).toBe(200)
    const saved = await adviser.post('/clients', { ...again, anyway: 'yes', shown: known.split('/').pop()! })
    expect(saved.statusCode).toBe(303)
    expect(saved.headers.location).not.toBe(known)
  })

  it('refuses a post without the form’s token', async () => {
    const answer = await app.application.server.inject({
      method: 'POST',
      url: '/clients',
      payload: new URLSearchParams({ ...someone, name: 'Tokenless', siteId: app.siteId }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: [...adviser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    })
    expect(answer.statusCode).toBe(400)
    expect((await adviser.get('/search?q=Tokenless')).body).toContain('Nothing found')
  })

  it('asks about the first of two sent at the same moment, and makes one file', async () => {
    const fields = { ...someone, name: 'Twinnie', familyName: 'Presstwice', siteId: app.siteId }
    const answers = await Promise.all([1, 2, 3].map(() => adviser.post('/clients', fields)))
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 200, 303])
  })
})

describe('a file', () => {
  it('is edited, told in its timeline, and the second of two who edit at once is told', async () => {
    const file = await register({ name: 'Edita' })
    const edit = {
      ...someone,
      name: 'Edita',
      accessNeeds: ['quiet_space', 'step_free'],
      language: 'ar',
      needsInterpreter: 'yes',
      version: '1',
    }
    expect((await adviser.post(`${file}/edit`, edit)).statusCode).toBe(303)
    const shown = await adviser.get(file)
    for (const words of [
      'Interpreter for Arabic',
      'Quiet space',
      'Step-free way in',
      'Changed: Language, Interpreter, Access needs',
    ]) {
      expect(shown.body).toContain(words)
    }
    const late = await adviser.post(`${file}/edit`, { ...edit, name: 'Late', version: '1' })
    expect(late.statusCode).toBe(400)
    expect(late.body).toContain('Someone else changed this file')
  })

  it('keeps a corrected note readable', async () => {
    const file = await register({ name: 'Nota' })
    expect((await adviser.post(`${file}/notes`, { words: ' ' })).statusCode).toBe(400)
    await adviser.post(`${file}/notes`, { words: 'Has a driving licence' })
    const [, href = ''] = /href="([^"]+\/correct)"/.exec((await adviser.get(file)).body) ?? []
    expect((await adviser.post(href, { words: 'Has no driving licence', about: '2026-01-05' })).statusCode).toBe(303)
    const shown = (await adviser.get(`${file}/notes`)).body
    expect(shown).toContain('Has no driving licence')
    expect(shown).toContain('What it said before')
    // Corrected once; its own correction is what can be corrected next.
    expect((await adviser.get(href)).statusCode).toBe(404)
  })

  it('is closed with a reason and reopened', async () => {
    const file = await register({ name: 'Clossa' })
    expect((await adviser.post(`${file}/close`)).body).toContain('Choose why the file is closed')
    await adviser.post(`${file}/close`, { reason: 'working' })
    expect((await adviser.get(file)).body).toContain('Found work')
    await adviser.post(`${file}/reopen`)
    expect((await adviser.get(file)).body).toContain('File reopened')
  })

  it('is reassigned by someone at the one site or the other, and by nobody else', async () => {
    const file = await register({ name: 'Moves' })
    const colleague = await app.signIn({ name: 'Ben Colleague' })
    const move = { siteId: elsewhere, adviserId: colleague.staffId }
    expect((await adviser.post(`${file}/reassign`, move)).statusCode).toBe(303)
    const back = await adviser.post(`${file}/reassign`, move)
    expect(back.headers.location).toBe(`${file}/reason`)
    await adviser.post(`${file}/reason`, { reason: 'client_is_here' })
    expect((await adviser.get(file)).body).toContain('Reassigned to Ben Colleague')
    const third = await app.database.as({ networkId: app.networkId, roles: ['administrator'] }, (db) =>
      insertSite(db, app.networkId, {
        name: 'Third',
        kind: 'outreach',
        address: null,
        position: null,
        timeZone: null,
        isActive: true,
      }),
    )
    const refused = await adviser.post(`${file}/reassign`, { siteId: third, adviserId: colleague.staffId })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('Choose one of your sites')
  })

  it('records consent and its withdrawal', async () => {
    const file = await register({ name: 'Consentia' })
    const share = { purpose: 'share_for_referral', how: 'signed', toldBy: 'client', until: '2099-01-01' }
    expect((await adviser.post(`${file}/consent`, share)).body).toContain('Choose what may be shared')
    await adviser.post(`${file}/consent`, { ...share, what: ['name', 'phone'], recipient: 'Harbour School' })
    const page = (await adviser.get(`${file}/consent`)).body
    expect(page).toContain('Harbour School')
    const [, href = ''] = /href="([^"]+\/withdraw)"/.exec(page) ?? []
    expect((await adviser.get(href)).statusCode).toBe(200)
    await adviser.post(href, { how: 'spoken', toldBy: 'client' })
    expect((await adviser.get(`${file}/consent`)).body).toContain('Withdrawn')
    expect((await adviser.get(href)).statusCode).toBe(404)
  })

  it('keeps what was told freely on a page of its own', async () => {
    const file = await register({ name: 'Disclosa' })
    await adviser.post(`${file}/disclosures`, { sex: 'female', disability: 'nonsense' })
    expect((await adviser.get(`${file}/disclosures`)).body).toMatch(/value="female" checked/)
    expect((await adviser.get(file)).body).not.toContain('Female')
  })
})

describe('two files that prove to be one', () => {
  it('are merged, lead to the survivor, and part again', async () => {
    const kept = await register({ name: 'Mergia', familyName: 'Alpha' })
    const other = await register({ name: 'Zwilling', familyName: 'Beta', reachedBy: 'phone', phones: '0610002233' })
    const otherId = other.split('/').pop()!
    expect((await adviser.get(`${kept}/merge?q=Zwilling`)).body).toContain(`/merge/${otherId}`)
    expect((await adviser.get(`${kept}/merge/${otherId}`)).statusCode).toBe(200)
    const merged = await adviser.post(`${kept}/merge/${otherId}`, { survivor: kept.split('/').pop()! })
    expect(merged.headers.location).toBe(kept)
    expect((await adviser.get(other)).headers.location).toBe(kept)
    expect((await adviser.get(kept)).body).toContain('0610002233')
    const [, undo = ''] = /action="([^"]+\/undo)"/.exec((await adviser.get(`${kept}/merge`)).body) ?? []
    await adviser.post(undo)
    expect((await adviser.get(other)).statusCode).toBe(200)
    expect((await adviser.get(kept)).body).not.toContain('0610002233')
  })
})

describe('a file of another site', () => {
  it('opens after a reason, which its adviser and manager can read with every opening', async () => {
    const file = await register({ name: 'Distanta' })
    const visitor = await app.signIn({ name: 'Vera Visitor', siteIds: [elsewhere] })
    for (const page of ['', '/edit', '/notes', '/consent', '/merge', '/close', '/openings']) {
      expect((await visitor.get(`${file}${page}`)).headers.location).toBe(`${file}/reason`)
    }
    const asked = await visitor.get(`${file}/reason`)
    expect(asked.body).not.toContain('Distanta')
    expect((await visitor.post(`${file}/reason`, { reason: 'other' })).body).toContain('Say in a few words')
    await visitor.post(`${file}/reason`, { reason: 'other', words: 'She came to our door' })
    expect((await visitor.get(file)).statusCode).toBe(200)
    expect((await visitor.get(`${file}/openings`)).statusCode).toBe(403)
    const openings = await adviser.get(`${file}/openings`)
    expect(openings.body).toContain('Vera Visitor')
    expect(openings.body).toContain('She came to our door')
    const manager = await app.signIn({ name: 'Mona Manager', roles: ['manager'] })
    expect((await manager.get(`${file}/openings`)).body).toContain('Vera Visitor')
  })

  it('asks again after a working day', async () => {
    const file = await register({ name: 'Morgen' })
    const visitor = await app.signIn({ siteIds: [elsewhere] })
    await visitor.post(`${file}/reason`, { reason: 'covering' })
    expect((await visitor.get(file)).statusCode).toBe(200)
    app.setNow(new Date(Date.now() + 13 * 3_600_000))
    expect((await visitor.get(file)).headers.location).toBe(`${file}/reason`)
    app.setNow(new Date())
  })

  it('leaves a trace of every opening', async () => {
    const file = await register({ name: 'Traced' })
    for (let i = 0; i < 3; i++) await adviser.get(file)
    const opened = await app.database.as({ networkId: app.networkId }, (db) =>
      db
        .selectFrom('audit_events')
        .select(sql<number>`count(*)::int`.as('count'))
        .where('client_id', '=', file.split('/').pop()!)
        .where('action', '=', 'client.opened')
        .executeTakeFirstOrThrow(),
    )
    expect(opened.count).toBe(3)
  })
})

describe('a restricted file', () => {
  it('is not there for others, and never locks out who restricts it', async () => {
    const file = await register({ name: 'Verborgen' })
    const colleague = await app.signIn()
    expect((await adviser.post(`${file}/restrict`, { who: 'named', staff: colleague.staffId })).body).toContain(
      'you would lock yourself out',
    )
    await adviser.post(`${file}/restrict`, { who: 'named', staff: adviser.staffId })
    expect((await adviser.get(file)).statusCode).toBe(200)
    expect((await colleague.get(file)).statusCode).toBe(404)
    expect((await colleague.get('/search?q=Verborgen')).body).toContain('Nothing found')
    expect((await colleague.get('/clients?q=Verborgen')).body).not.toContain(file)
    await adviser.post(`${file}/restrict`, { who: 'all' })
    expect((await colleague.get(file)).statusCode).toBe(200)
  })
})

describe('the caseload of someone who leaves', () => {
  it('is handed over by an administrator, who sees no file', async () => {
    const leaving = await app.signIn({ name: 'Lea Leaving' })
    const successor = await app.signIn({ name: 'Sue Successor' })
    const file = await register({ name: 'Bequest' }, leaving)
    const administrator = await app.signIn({ roles: ['administrator'] })
    const page = `/settings/staff/${leaving.staffId}/caseload`
    expect((await administrator.get(page)).body).toContain('Sue Successor')
    expect((await administrator.post(page)).body).toContain('Choose who takes the files over')
    expect((await adviser.get(page)).statusCode).toBe(403)
    expect((await administrator.post(page, { to: successor.staffId })).statusCode).toBe(303)
    const { networkId } = app
    await app.application.runJob('clients.hand_over', { networkId, from: leaving.staffId, to: successor.staffId })
    expect((await successor.get('/clients')).body).toContain('Bequest')
    expect((await successor.get(file)).body).toContain('Reassigned to Sue Successor')
  })
})

describe('the clients’ room', () => {
  it('shows one’s own, finds anyone, and keeps what was opened at hand', async () => {
    const mine = await register({ name: 'Meinige' })
    const colleague = await app.signIn({ siteIds: [elsewhere] })
    expect((await adviser.get('/clients')).body).toContain('Meinige')
    expect((await colleague.get('/clients')).body).not.toContain('Meinige')
    expect((await colleague.get('/clients?q=meinige')).body).toContain(mine)
    await adviser.get(mine)
    const room = (await adviser.get('/clients?adviser=me&status=closed')).body
    expect(room.slice(room.indexOf('Recently opened'))).toContain('Meinige')
  })

  it('takes any query as a question', async () => {
    for (const query of [
      'page=-1',
      'page=x&site=y&adviser=z&status=q',
      `q=${'%25'.repeat(60)}`,
      `q=${'a'.repeat(300)}`,
    ]) {
      expect((await adviser.get(`/clients?${query}`)).statusCode, query).toBe(200)
    }
  })
})

describe('who may', () => {
  it('not open clients: administrators, evaluators and strangers', async () => {
    const file = await register({ name: 'Closed to them' })
    for (const role of ['administrator', 'evaluator'] as const) {
      const browser = await app.signIn({ roles: [role] })
      for (const url of ['/clients', '/clients/new', file, `${file}/edit`, `${file}/openings`]) {
        expect((await browser.get(url)).statusCode, `${role} ${url}`).toBe(403)
      }
    }
    expect((await app.stranger().get(file)).statusCode).toBe(303)
    expect((await adviser.get('/clients/0190a000-0000-7000-8000-000000000000')).statusCode).toBe(404)
    expect((await adviser.get('/clients/nonsense')).statusCode).toBe(404)
  })
})
