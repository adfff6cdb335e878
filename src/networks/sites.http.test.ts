import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '#app.testing.ts'

let app: TestApp

beforeAll(async () => {
  app = await testApp()
})

afterAll(() => app.close())

test('an administrator adds a site, and everyone finds it among the places', async () => {
  const administrator = await app.signIn({ roles: ['administrator'] })
  const added = await administrator.post('/settings/sites/new', {
    name: 'Harbour Hall',
    kind: 'satellite',
    address: 'Pier 1',
    latitude: '46,9',
    longitude: '7.4',
  })
  expect(added.headers.location).toBe('/settings/sites')
  const adviser = await app.signIn()
  expect((await adviser.get('/places')).body).toContain('Harbour Hall')
})

test('a closed site stays for the record and is no place to go to any more', async () => {
  const administrator = await app.signIn({ roles: ['administrator'] })
  await administrator.post('/settings/sites/new', { name: 'Old Hall', kind: 'centre' })
  const list = await administrator.get('/settings/sites')
  const [, id] = /settings\/sites\/([0-9a-f-]{36})" data-content>Old Hall/.exec(list.body) ?? []
  await administrator.post(`/settings/sites/${id}`, { name: 'Old Hall', kind: 'centre', closed: 'yes' })
  expect((await administrator.get('/settings/sites')).body).toContain('closed')
  expect((await administrator.get('/places')).body).not.toContain('Old Hall')
})

test('what cannot be used is said beside the field, and what was typed is kept', async () => {
  const administrator = await app.signIn({ roles: ['administrator'] })
  const refused = await administrator.post('/settings/sites/new', {
    name: ' ',
    kind: 'castle',
    latitude: '99',
    longitude: '',
  })
  expect(refused.statusCode).toBe(400)
  for (const words of [
    'Enter a name',
    'Choose what kind of place it is',
    'Enter a latitude from -90 to 90',
    'value="99"',
  ])
    expect(refused.body).toContain(words)
})

test('an adviser adds no site', async () => {
  const adviser = await app.signIn()
  expect((await adviser.post('/settings/sites/new', { name: 'X', kind: 'centre' })).statusCode).toBe(403)
})
