import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import { newId, type ReferralId } from '#platform/ids.ts'
import { linksOf, type Links } from '../link/link.testing.ts'
import { actOn, eventId } from '../referrals.acts.ts'
import { spreadMarks } from '../referral-marks.store.ts'
import { aWorld, workFor, type World } from '../world.testing.ts'
import { attachmentsOf, piecesOf } from './attachments.store.ts'
import type { Attachment } from './attachment.ts'
import { signature, startScanner, type TestScanner } from './clamd.testing.ts'
import { docm, pdf, png, zip } from './samples.testing.ts'

const now = new Date('2026-03-02T09:00:00Z')
let scanner: TestScanner
let app: TestApp
let world: World
let links: Links
let adviser: TestBrowser & { readonly staffId: string }

beforeAll(async () => {
  scanner = await startScanner()
  app = await testApp({ env: { CLAMD_URL: scanner.url } })
  app.setNow(now)
  world = await aWorld(app.database, { networkId: app.networkId })
  links = linksOf(app, world, now)
  adviser = await app.signIn({ siteIds: [world.siteId], name: 'Mara Lind' })
})
afterAll(async () => {
  await app.close()
  await scanner.close()
})
beforeEach(() => {
  scanner.answer = 'verdict'
  app.setNow(now)
})

const filesOf = (id: ReferralId) => links.asJob((db) => attachmentsOf(db, id))
const add = (id: ReferralId, name: string, content: Buffer, audience = 'partner') =>
  adviser.upload(`/referrals/${id}/attachments`, { name, content }, { audience, event: newId() })
const scanAll = async (id: ReferralId) => {
  for (const file of await filesOf(id)) {
    if (file.scan === 'waiting' || file.scan === 'failed')
      await app.application.runJob('referrals.attachments.scan', { networkId: app.networkId, attachmentId: file.id })
  }
}
async function contentOf(file: Attachment): Promise<Buffer> {
  return links.asJob(async (db) => {
    const pieces: Buffer[] = []
    for await (const piece of piecesOf(db, file.id)) pieces.push(piece)
    return Buffer.concat(pieces)
  })
}

describe('an adviser adds a file', () => {
  test('and says who may see it; without that nothing is kept', async () => {
    const { id } = await links.send()
    const refused = await adviser.upload(`/referrals/${id}/attachments`, { name: 'a.pdf', content: pdf }, {})
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('Choose who may see it')
    expect(await filesOf(id)).toEqual([])
    expect((await add(id, 'Zeugnis.pdf', pdf)).headers.location).toBe(`/referrals/${id}#files`)
    expect(await filesOf(id)).toMatchObject([
      { name: 'Zeugnis.pdf', kind: 'pdf', bytes: pdf.length, isShownToPartner: true, scan: 'waiting', gone: null },
    ])
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Zeugnis.pdf')
    expect(await links.kindsOf(id)).toContain('attachment_added')
  })

  test('in one piece or many: what comes out is what went in, as a download that no browser shows', async () => {
    const { id } = await links.send()
    const large = Buffer.concat([pdf.subarray(0, 9), Buffer.alloc(1_300_000, 'x'), pdf.subarray(9)])
    await add(id, 'evil\u202efdp.html', large)
    const [file] = await filesOf(id)
    const seen = await adviser.get(`/referrals/${id}/attachments/${file!.id}`)
    expect(seen.rawPayload.equals(large)).toBe(true)
    expect(seen.headers['content-type']).toBe('application/octet-stream')
    expect(seen.headers['content-disposition']).toBe("attachment; filename*=UTF-8''evilfdp.html.pdf")
    expect(seen.headers['x-content-type-options']).toBe('nosniff')
    expect(seen.headers['content-security-policy']).toBe('sandbox')
    expect(seen.headers['cache-control']).toBe('no-store')
  })

  test('of another kind than is taken: the page says why, and nothing is kept', async () => {
    const { id } = await links.send()
    const cases = [
      ['letter.docx', docm, 'contains macros'],
      ['photo.png', Buffer.from('<svg onload="alert(1)"/>'), 'a web page or a drawing with code'],
      ['papers.pdf', zip({ 'a.txt': 'a' }), 'an archive'],
      ['empty.pdf', Buffer.alloc(0), 'The file is empty'],
      ['cv.pdf', Buffer.from('%PDF-1.7 <html>'), 'damaged'],
      ['huge.pdf', Buffer.concat([pdf, Buffer.alloc(10_000_001), pdf]), 'larger than 10 MB'],
    ] as const
    for (const [name, content, why] of cases) {
      const refused = await add(id, name, content)
      expect(refused.statusCode).toBe(400)
      expect(refused.body).toContain(why)
    }
    expect(await filesOf(id)).toEqual([])
    expect(await links.kindsOf(id)).not.toContain('attachment_added')
  })

  test('twice, or two at once: the same file is one', async () => {
    const { id } = await links.send()
    await Promise.all([add(id, 'a.pdf', pdf), add(id, 'b.pdf', pdf), add(id, 'c.png', png)])
    await add(id, 'd.pdf', pdf)
    expect((await filesOf(id)).map(({ kind }) => kind).sort()).toEqual(['pdf', 'png'])
    expect((await links.kindsOf(id)).filter((kind) => kind === 'attachment_added')).toHaveLength(2)
  })

  test('and removes it: the content is gone, the line stays, and it can be sent anew', async () => {
    const { id } = await links.send()
    await add(id, 'a.pdf', pdf)
    const [file] = await filesOf(id)
    const at = `/referrals/${id}/attachments/${file!.id}`
    expect((await adviser.get(`${at}/remove`)).body).toContain('cannot be brought back')
    await adviser.post(`${at}/remove`)
    expect((await filesOf(id))[0]?.gone?.because).toBe('removed')
    expect(await contentOf(file!)).toHaveLength(0)
    expect((await adviser.get(at)).statusCode).toBe(404)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('Removed on')
    await add(id, 'a.pdf', pdf)
    expect(await filesOf(id)).toHaveLength(2)
  })
})

describe('the partner behind a link', () => {
  test('fetches what is shown and scanned, and nothing of another referral', async () => {
    const { id, link } = await links.send()
    const other = await links.send()
    await add(id, 'shared.pdf', pdf)
    await add(id, 'internal.png', png, 'colleagues')
    // Added at the same moment of a clock that stands still, they may stand in either order.
    const [internal, shared] = (await filesOf(id)).toSorted((a, b) => a.name.localeCompare(b.name))
    const phone = await links.open(link)
    expect((await phone.get(`${link}/referral`)).body).toContain('Being checked for viruses')
    expect((await phone.get(`${link}/attachments/${shared!.id}`)).statusCode).toBe(404)
    await scanAll(id)
    const page = await phone.get(`${link}/referral`)
    expect(page.body).toContain('shared.pdf')
    expect(page.body).not.toContain('internal.png')
    expect((await phone.get(`${link}/attachments/${shared!.id}`)).rawPayload.equals(pdf)).toBe(true)
    expect((await phone.get(`${link}/attachments/${internal!.id}`)).statusCode).toBe(404)
    const stranger = await links.open(other.link)
    expect((await stranger.get(`${other.link}/attachments/${shared!.id}`)).statusCode).toBe(404)
    expect((await app.stranger().get(`${link}/attachments/${shared!.id}`)).headers.location).toBe(link)
  })

  test('sees a file appear and vanish as the adviser shows and hides it', async () => {
    const { id, link } = await links.send()
    await add(id, 'later.pdf', pdf, 'colleagues')
    await scanAll(id)
    const [file] = await filesOf(id)
    const phone = await links.open(link)
    const fetched = async () => (await phone.get(`${link}/attachments/${file!.id}`)).statusCode
    expect(await fetched()).toBe(404)
    await adviser.post(`/referrals/${id}/attachments/${file!.id}/shown`, { show: 'yes' })
    expect(await fetched()).toBe(200)
    await adviser.post(`/referrals/${id}/attachments/${file!.id}/shown`, { show: 'no' })
    expect(await fetched()).toBe(404)
  })

  test('adds a file of their own, which the adviser hears of and sees, and takes it back', async () => {
    const { id, link } = await links.send()
    const phone = await links.open(link)
    const added = await phone.upload(`${link}/attachments`, { name: 'form.pdf', content: pdf }, { event: newId() })
    expect(added.headers.location).toBe(`${link}/referral`)
    const [file] = await filesOf(id)
    expect(file).toMatchObject({ from: 'partner', isShownToPartner: true, fromName: world.partner.name })
    expect((await adviser.get(`/referrals/${id}/attachments/${file!.id}`)).statusCode).toBe(404)
    await scanAll(id)
    expect((await adviser.get(`/referrals/${id}/attachments/${file!.id}`)).statusCode).toBe(200)
    const bad = await phone.upload(`${link}/attachments`, { name: 'x.docx', content: docm })
    expect(bad.statusCode).toBe(400)
    expect(bad.body).toContain('contains macros')
    await phone.post(`${link}/attachments/${file!.id}/remove`)
    expect((await filesOf(id))[0]?.gone?.because).toBe('removed')
  })

  test('who has no link that lives writes nothing to our disk', async () => {
    const forged = await app
      .stranger()
      .upload(`/r/${newId()}.${'a'.repeat(43)}/attachments`, { name: 'a', content: pdf })
    expect(forged.statusCode).toBe(404)
    expect(forged.body).toContain('This link no longer works')
  })

  test('sees no file any more once consent is withdrawn, not even in the database', async () => {
    const { id, link } = await links.send()
    await add(id, 'shared.pdf', pdf)
    await scanAll(id)
    const [file] = await filesOf(id)
    const phone = await links.open(link)
    await adviser.post(`/referrals/${id}/sharing/withdraw`, { how: 'spoken', toldBy: 'client' })
    expect((await phone.get(`${link}/referral`)).body).not.toContain('shared.pdf')
    expect((await phone.get(`${link}/attachments/${file!.id}`)).statusCode).toBe(404)
    const scope = { networkId: app.networkId, organizationId: world.partner.id, referralId: id }
    for (const role of ['link', 'partner'] as const) {
      const rows = await app.database.as({ ...scope, role }, async (db) => [
        ...(await db.selectFrom('referral_attachments').select('id').where('referral_id', '=', id).execute()),
        ...(await db.selectFrom('referral_attachment_pieces').select('id').where('referral_id', '=', id).execute()),
      ])
      expect(rows).toEqual([])
    }
    expect((await adviser.get(`/referrals/${id}/attachments/${file!.id}`)).statusCode).toBe(200)
  })
})

describe('a signed-in partner', () => {
  test('fetches and adds files in the inbox under their own name; another organisation finds nothing', async () => {
    const { id } = await links.send()
    const petra = await app.signInPartner({ organizationId: world.partner.id, name: 'Petra Baker' })
    const lena = await app.signInPartner({ organizationId: world.otherPartner.id, name: 'Lena Speaker' })
    await add(id, 'shared.pdf', pdf)
    await scanAll(id)
    const [shared] = await filesOf(id)
    expect((await petra.get(`/inbox/${id}`)).body).toContain('shared.pdf')
    expect((await petra.get(`/inbox/${id}/attachments/${shared!.id}`)).rawPayload.equals(pdf)).toBe(true)
    expect((await lena.get(`/inbox/${id}/attachments/${shared!.id}`)).statusCode).toBe(404)
    const added = await petra.upload(`/inbox/${id}/attachments`, { name: 'map.png', content: png }, { event: newId() })
    expect(added.headers.location).toBe(`/inbox/${id}`)
    const own = (await filesOf(id)).find(({ kind }) => kind === 'png')
    expect(own).toMatchObject({ from: 'partner', fromName: 'Petra Baker' })
    expect((await petra.post(`/inbox/${id}/attachments/${shared!.id}/remove`)).statusCode).toBe(404)
    await petra.post(`/inbox/${id}/attachments/${own!.id}/remove`)
    expect((await filesOf(id)).find(({ kind }) => kind === 'png')?.gone?.because).toBe('removed')
  })
})

test('files follow the client: a restricted file hides them from everyone who is not named', async () => {
  const { id } = await links.send()
  await add(id, 'a.pdf', pdf)
  const named = newId<'staff'>()
  const marksOf = (restrictedTo: readonly (typeof named)[] | null) =>
    links.asJob((db) => spreadMarks(db, [world.client.id], { siteId: world.siteId, restrictedTo }))
  const seenBy = (actorId: string) =>
    app.database.as({ networkId: app.networkId, actorId }, async (db) => [
      ...(await db.selectFrom('referral_attachments').select('id').where('referral_id', '=', id).execute()),
      ...(await db.selectFrom('referral_attachment_pieces').select('id').where('referral_id', '=', id).execute()),
    ])
  await marksOf([named])
  expect(await seenBy(newId())).toEqual([])
  expect(await seenBy(named)).toHaveLength(2)
  await marksOf(null)
})

describe('the virus check', () => {
  test('deletes what is infected and tells the adviser without naming anyone', async () => {
    const { id } = await links.send()
    await add(id, 'bad.txt', Buffer.from(`Noor ${signature}`))
    await scanAll(id)
    const [file] = await filesOf(id)
    expect(file?.scan).toBe('infected')
    await app.application.runJob('referrals.attachments.infected', {
      networkId: app.networkId,
      attachmentId: file!.id,
    })
    expect((await filesOf(id))[0]?.gone?.because).toBe('infected')
    expect(await contentOf(file!)).toHaveLength(0)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('A virus was found. The content was deleted')
    const mails = await links.asJob((db) => db.selectFrom('mail_messages').select(['kind', 'recipient']).execute())
    expect(mails.filter(({ kind }) => kind === 'referrals.file_infected')).toHaveLength(1)
  })

  test('that fails keeps the file from the partner, and is made up for later', async () => {
    const { id, link } = await links.send()
    await add(id, 'a.pdf', pdf)
    const [file] = await filesOf(id)
    scanner.answer = 'error'
    await expect(scanAll(id)).rejects.toThrow()
    expect((await filesOf(id))[0]?.scan).toBe('failed')
    const phone = await links.open(link)
    expect((await phone.get(`${link}/attachments/${file!.id}`)).statusCode).toBe(404)
    expect((await adviser.get(`/referrals/${id}`)).body).toContain('The virus check failed')
    scanner.answer = 'verdict'
    await scanAll(id)
    expect((await phone.get(`${link}/attachments/${file!.id}`)).statusCode).toBe(200)
  })
})

describe('contents are deleted', () => {
  test('so many days after the referral was closed, as the network decided, and no earlier; the line stays', async () => {
    const administrator = await app.signIn({ roles: ['administrator'] })
    const bad = await administrator.post('/settings/attachments', {
      ...{ keepDays: '0', mostFileMegabytes: '10', mostReferralMegabytes: '50' },
    })
    expect(bad.statusCode).toBe(400)
    expect(bad.body).toContain('Enter a whole number from 1 to 3,650')
    const rules = { keepDays: '30', mostFileMegabytes: '10', mostReferralMegabytes: '50' }
    expect((await administrator.post('/settings/attachments', rules)).statusCode).toBe(303)
    const closed = await links.send()
    const open = await links.send()
    for (const { id } of [closed, open]) await add(id, 'a.pdf', pdf)
    await links.asJob(async (db) => {
      const work = workFor(world, db, now)
      const actor = { kind: 'adviser', id: world.adviser.id, name: world.adviser.name } as const
      const by = { actor, channel: 'page' } as const
      const end = { kind: 'withdrawn', reason: 'sent_by_mistake', id: eventId(now), ...by } as const
      expect((await actOn(work, closed.id, end)).ok).toBe(true)
      const step = { kind: 'next_step_recorded', step: 'with_adviser', id: eventId(now), ...by } as const
      expect((await actOn(work, closed.id, step)).ok).toBe(true)
    })
    const contents = async () => [(await filesOf(closed.id))[0]?.gone?.because, (await filesOf(open.id))[0]?.gone]
    const runOn = async (day: string) => {
      app.setNow(new Date(`${day}T02:40:00Z`))
      await app.application.runJob('referrals.attachments.retention')
    }
    await runOn('2026-03-31')
    expect(await contents()).toEqual([undefined, null])
    await runOn('2026-04-02')
    expect(await contents()).toEqual(['retention', null])
    const trail = await links.asJob((db) =>
      db
        .selectFrom('audit_events')
        .select(['action', 'subject_id'])
        .where('action', '=', 'referrals.attachment_deleted')
        .execute(),
    )
    expect(trail).toEqual([{ action: 'referrals.attachment_deleted', subject_id: closed.id }])
  })
})
