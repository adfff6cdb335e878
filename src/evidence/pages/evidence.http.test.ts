import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApp, type TestApp, type TestBrowser } from '#app.testing.ts'
import type { Card } from '../engine/card.ts'
import { keepFitted, learnedInputs, type Engine } from '../index.ts'
import { aCard, aTable } from '../engine/card.factory.ts'
import { endLearning, latestLearning } from '../life/learnings.store.ts'

let app: TestApp
let evaluator: TestBrowser & { readonly staffId: string }
let administrator: TestBrowser & { readonly staffId: string }
let manager: TestBrowser & { readonly staffId: string }

const engine: Engine = {
  read: () => Promise.resolve(aTable({ seed: 3 })),
  learn: () => Promise.resolve({ card: aCard(), bytes: Buffer.from('bytes') }),
  foretell: (_, { rows, arms, arm }) =>
    Promise.resolve({
      ...{ rows, arms, arm, expected: new Float64Array(rows).fill(0.4), tau: new Float64Array(2 * rows) },
      ...{ support: new Uint8Array(2 * rows).fill(1), chances: new Float64Array(3 * rows).fill(1 / 3) },
    }),
}

beforeAll(async () => {
  app = await testApp({ engine })
  evaluator = await app.signIn({ roles: ['evaluator'], name: 'Eva Lane' })
  administrator = await app.signIn({ roles: ['administrator'], name: 'Ada Reed' })
  manager = await app.signIn({ roles: ['manager'], name: 'Mo Field' })
})

afterAll(() => app.close())

const list = '/insights/evidence'

/** A fitted model; gives its address. */
async function fit(said: Partial<Card> = {}): Promise<string> {
  const kept = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
    keepFitted(db, app.networkId, {
      ...{ card: aCard(said), bytes: Buffer.from('bytes'), inputs: learnedInputs(aTable()) },
      ...{ askedBy: null, now: new Date() },
    }),
  )
  return `${list}/models/${kept.id}`
}

const plain = (body: string) => body.replace(/<\/?bdi>|[\u2068\u2069]/g, '')

describe('the list', () => {
  test('says what to do while nothing was learned, and is no page for advisers', async () => {
    const { statusCode, body } = await evaluator.get(list)
    expect(statusCode).toBe(200)
    expect(body).toContain('Nothing has been learned yet')
    expect(body).toContain('Learn from past episodes now')
    expect((await (await app.signIn()).get(list)).statusCode).toBe(403)
  })

  test('is reached from Insights', async () => {
    expect((await evaluator.get('/insights')).body).toContain(`href="${list}"`)
  })
})

describe('the life of a model', () => {
  test('goes from its fit by an evaluator’s review and an administrator’s word into use, and is told on its page', async () => {
    const at = await fit()
    expect(plain((await evaluator.get(at)).body)).toContain('waits for its review: it orders nothing yet')
    const reviewed = await evaluator.post(`${at}/review`, { 'note-review': 'The checks hold for every group.' })
    expect(reviewed.statusCode).toBe(303)
    expect((await administrator.post(`${at}/put-in-use`)).statusCode).toBe(303)
    const page = plain((await manager.get(at)).body)
    expect(page).toContain('Reviewed by Eva Lane')
    expect(page).toContain('The checks hold for every group.')
    expect(page).toContain('Put in use by Ada Reed')
    expect(page).toContain('passed its checks, and orders services for a client')
    const audit = await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      db.selectFrom('audit_events').select(['action', 'actor_id']).where('action', 'like', 'evidence.%').execute(),
    )
    expect(audit).toEqual([
      { action: 'evidence.reviewed', actor_id: evaluator.staffId },
      { action: 'evidence.put_in_use', actor_id: administrator.staffId },
    ])
  })

  test('another one put in use retires it; a retired one offers no step and takes none', async () => {
    const at = await fit()
    await evaluator.post(`${at}/review`, { 'note-review': 'Fine.' })
    await administrator.post(`${at}/put-in-use`)
    expect((await evaluator.get(list)).body.match(/>In use</g)).toHaveLength(1)
    await manager.post(`${at}/retire`, { 'note-retire': 'The labour market has turned.' })
    const page = await administrator.get(at)
    expect(page.body).not.toContain('Put in use</')
    const again = await administrator.post(`${at}/put-in-use`)
    expect(again.statusCode).toBe(400)
    expect(again.body).toContain('This model has moved on meanwhile')
  })

  test('without a word why, the step is asked again beside its field', async () => {
    const at = await fit()
    const refused = await evaluator.post(`${at}/review`, { 'note-review': '' })
    expect(refused.statusCode).toBe(400)
    expect(refused.body).toContain('href="#note-review"')
    const long = await evaluator.post(`${at}/review`, { 'note-review': 'a'.repeat(501) })
    expect(long.statusCode).toBe(400)
    expect(long.body).toContain('aaaa')
  })

  test('is not led on by whose step it is not, nor by its reviewer while another administrator is there', async () => {
    const at = await fit()
    expect((await manager.post(`${at}/review`, { 'note-review': 'x' })).statusCode).toBe(400)
    const both = await app.signIn({ roles: ['evaluator', 'administrator'] })
    await both.post(`${at}/review`, { 'note-review': 'I looked.' })
    const own = await both.post(`${at}/put-in-use`)
    expect(own.statusCode).toBe(400)
    expect(own.body).toContain('You reviewed this model yourself')
    expect((await administrator.post(`${at}/put-in-use`)).statusCode).toBe(303)
  })
})

describe('a model’s page', () => {
  test('shows each part with a sentence, each picture in words, and no inline style', async () => {
    const { body } = await evaluator.get(await fit())
    for (const id of ['averages', 'treated', 'checks', 'calibration', 'toc', 'values', 'tree', 'welfare', 'groups'])
      expect(body, id).toContain(`id="${id}"`)
    for (const id of ['intervals', 'sensitivity', 'providers', 'members', 'services', 'features', 'since'])
      expect(body, id).toContain(`id="${id}"`)
    for (const [, id] of body.matchAll(/href="#([a-z]+)"/g)) expect(body, id).toContain(`id="${id}"`)
    expect(body.match(/<svg /g)!.length).toBe(body.match(/<svg role="img" aria-label="[^"]+"/g)!.length + 1)
    expect(body).not.toMatch(/ style=/)
    const words = plain(body)
    expect(words).toContain(
      'Language training surely adds something, and its estimate is the highest: +6.2 of 100 (+2.9 to +9.5)',
    )
    expect(words).toContain('If level of English is at most A2, or not known:')
    expect(words).toContain('Language training (2,900 people)')
    expect(words).toContain('Too few to show')
    expect(words).toContain('below 0.0001')
    expect(words).toContain('whether born abroad: Yes, sex: Male')
  })

  test('names providers in the order of their names, never of their figures', async () => {
    const { body } = await evaluator.get(await fit())
    expect(body.indexOf('Old Mill School')).toBeLessThan(body.indexOf('Quay Works'))
  })

  test('of failed checks says first that it orders nothing', async () => {
    const { body } = await evaluator.get(await fit({ usedForRanking: false, limits: ['checks_failed'] }))
    expect(body).toContain('This model did not pass its checks: it orders services for nobody')
  })

  test('of next to nothing is shown all the same', async () => {
    const at = await fit({
      ...{ averages: [], treated: [], members: [], checks: [], toc: [], intervals: [], values: [], nuisances: [] },
      ...{ calibration: { passed: false, bins: [] }, policyTree: null, groups: [], groupsLeftOut: 0, welfare: [] },
      ...{ sensitivity: [], providers: [], arms: [], features: [], limits: ['few_rows'], usedForRanking: false },
    })
    const { statusCode, body } = await evaluator.get(at)
    expect(statusCode).toBe(200)
    expect(body).toContain('of no service is it sure that it adds anything')
  })

  test('of an outcome in its own units is not told in people of a hundred', async () => {
    const at = await fit({ outcome: { name: 'earnings', kind: 'number' } })
    const words = plain((await evaluator.get(at)).body)
    expect(words).toContain('its estimate is the highest: +0.062')
    expect(words).not.toContain('More of 100')
  })

  test('gives its card as JSON and as a table', async () => {
    const at = await fit()
    const json = await evaluator.get(`${at}/card.json`)
    expect(JSON.parse(json.body)).toEqual(aCard())
    const csv = await evaluator.get(`${at}/card.csv`)
    expect(csv.body).toContain('Part,Of,Figure,Value')
    expect(csv.body).not.toContain('language_training,arm')
    expect(csv.body).toContain('averages,language_training,estimate,0.062')
    expect(csv.body).toContain('toc,language_training points 1,share,0.1')
  })

  test('of another network, or none, is not found', async () => {
    expect((await evaluator.get(`${list}/models/018f0000-0000-7000-8000-000000000000`)).statusCode).toBe(404)
  })
})

describe('a rule to read aloud', () => {
  const leaf = { feature: null, cut: null, levels: null, missingGoesLeft: false, left: null, right: null }
  const treeWith = (said: Partial<NonNullable<Card['policyTree']>['nodes'][number]>) => ({
    ...{ depth: 1, isExact: true },
    nodes: [
      {
        ...{ arm: null, feature: 'age', cut: 30, levels: null, missingGoesLeft: false, left: 1, right: 2 },
        ...{ rows: 100, value: null, ...said },
      },
      { ...leaf, arm: 'none', rows: 60, value: null },
      { ...leaf, arm: 'mentoring', rows: 40, value: null },
    ],
  })

  test.each([
    [{}, 'If age is at most 30:'],
    [{ missingGoesLeft: true }, 'If age is at most 30, or not known:'],
    [{ feature: 'language_level', cut: 1 }, 'If level of English is at most A2:'],
    [{ feature: 'driving_licence', cut: 0 }, 'If driving licence: no'],
    [{ feature: 'needs: childcare', cut: 0 }, 'If needs: childcare: no'],
    [{ feature: 'shoe', levels: ['red', 'blue'] }, 'If shoe is red or blue:'],
  ])('asks %o as a person would', async (said, words) => {
    const { body } = await evaluator.get(await fit({ policyTree: treeWith(said) }))
    expect(plain(body)).toContain(words)
  })
})

describe('the switch', () => {
  test('is turned with a reason by a manager, is seen by everyone, and by an evaluator only read', async () => {
    expect((await manager.post(`${list}/switch`, { to: 'off', reason: '' })).statusCode).toBe(400)
    expect((await evaluator.post(`${list}/switch`, { to: 'off', reason: 'x' })).statusCode).toBe(403)
    expect((await evaluator.get(`${list}/switch`)).body).not.toContain('name="reason"')
    await manager.post(`${list}/switch`, { to: 'off', reason: 'The works have closed.' })
    expect(plain((await evaluator.get(`${list}/switch`)).body)).toContain('Switched off by Mo Field')
    expect((await evaluator.get(`${list}/switch`)).body).toContain('The works have closed.')
    expect((await evaluator.get(list)).body).toContain('Ranking by model is switched off')
    const adviser = await app.signIn()
    expect((await adviser.get(`${list}/in-use`)).body).toContain('Ranking by model is switched off in this network')
    await administrator.post(`${list}/switch`, { to: 'on', reason: 'A new model is there.' })
    expect((await evaluator.get(list)).body).toContain('Ranking by model is on')
  })
})

describe('learning', () => {
  const latest = () => app.database.as({ networkId: app.networkId, roles: ['evaluator'] }, (db) => latestLearning(db))

  test('is asked for, shown, stopped, and asked for again', async () => {
    expect((await evaluator.post(`${list}/learn`)).statusCode).toBe(303)
    const waiting = await evaluator.get(list)
    expect(plain(waiting.body)).toContain('Eva Lane asked for it')
    expect(waiting.body).toContain('Stop learning')
    expect(waiting.body).not.toContain('Learn from past episodes now')
    await evaluator.post(`${list}/learnings/${(await latest())!.id}/stop`)
    expect((await evaluator.get(list)).body).toContain('The last learning was stopped')
    await evaluator.post(`${list}/learn`)
    const { id } = (await latest())!
    await app.application.runJob('evidence.learn', { networkId: app.networkId, learningId: id })
    expect((await evaluator.get(list)).body).toContain('Last learned: ')
  })

  test('keeps to costs and places that were said, next time too; what is none is shown beside its field', async () => {
    const form = await evaluator.get(`${list}/learn`)
    expect(plain(form.body)).toContain('Cost of Mentoring: people of 100')
    const wrong = await evaluator.post(`${list}/learn`, {
      'cost-mentoring': 'much',
      'places-mentoring': '120',
      'cost-health': '2',
    })
    expect(wrong.statusCode).toBe(400)
    expect(wrong.body).toContain('href="#cost-mentoring"')
    expect(wrong.body).toMatch(/value="much"/)
    expect(wrong.body).toMatch(/id="cost-health"[^>]*value="2"/)
    expect(plain(wrong.body)).toContain('Places of Mentoring: give a number from 0 to 100')
    await evaluator.post(`${list}/learn`, { 'cost-mentoring': '2,5', 'places-mentoring': '20', 'places-health': '0' })
    const { id, terms } = (await latest())!
    expect(terms).toEqual([
      { arm: 'mentoring', cost: 0.025, capacity: 0.2 },
      { arm: 'health', cost: 0, capacity: 0 },
    ])
    await evaluator.post(`${list}/learnings/${id}/stop`)
    const { body } = await evaluator.get(list)
    expect(body).toMatch(/name="cost-mentoring" value="2.5"/)
    expect(body).toContain('It keeps to what was said last of 2 services')
    expect(body).toContain('Start again')
    expect((await evaluator.get(`${list}/learn`)).body).toMatch(/id="places-mentoring"[^>]*value="20"/)
    const at = await fit({
      terms: [{ arm: 'language_training', cost: 0.03, capacity: 0.2 }],
      values: aCard().values.map((each) => ({ ...each, cost: 0.01, isWithinPlaces: each.rule === 'policy_tree' })),
    })
    const page = plain((await evaluator.get(at)).body)
    expect(page).toContain('Learned with these costs and places')
    expect(page).toContain('Within the places')
  })

  test('whose server ended can be started again', async () => {
    await evaluator.post(`${list}/learn`, {})
    const { id } = (await latest())!
    await app.database.as({ networkId: app.networkId, role: 'job' }, (db) =>
      endLearning(db, id, { result: 'stopped', modelId: null, now: new Date() }),
    )
    const { body } = await evaluator.get(list)
    expect(body).toContain('was stopped because its server was')
    expect(body).toContain('Start again')
  })

  test('is followed by a look at what has changed since, which the list and the model tell', async () => {
    const at = await fit()
    expect((await evaluator.get(at)).body).toContain('Nobody has looked yet')
    expect((await evaluator.post(`${list}/drift`)).statusCode).toBe(303)
    await app.application.runJob('evidence.drift', { networkId: app.networkId })
    const page = plain((await evaluator.get(at)).body)
    expect(page).toContain('Later episodes are like those that the model learned from')
    expect(page).toContain('Whether what it told came true')
    expect(page).toContain('It holds: outcomes since are as the model told')
    expect(page).toContain('Outcome under the service taken')
  })
})
