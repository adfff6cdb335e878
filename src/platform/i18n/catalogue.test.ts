import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { pseudoLocale, readCatalogues } from './index.ts'

function cataloguesOf(messages: Record<string, string>) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-words-'))
  fs.mkdirSync(path.join(folder, 'f', 'messages'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'f', 'messages', 'en.json'), JSON.stringify(messages))
  return readCatalogues(folder)
}

test('values are escaped and set apart in HTML, and the message itself is escaped too', () => {
  const words = cataloguesOf({ hello: 'Hello {name} & <you>' }).in('en')
  expect(words.html('f.hello', { name: '<script>' })).toBe('Hello <bdi>&#60;script&#62;</bdi> &#38; &#60;you&#62;')
})

test('a value that reads the other way is isolated in plain text', () => {
  const words = cataloguesOf({ hello: 'Hello {name}' }).in('en')
  expect(words.t('f.hello', { name: 'Ada' })).toBe('Hello Ada')
  expect(words.t('f.hello', { name: 'نور' })).toBe('Hello \u2068نور\u2069')
})

test('plurals and choices work, in the pseudo-locale too', () => {
  const catalogues = cataloguesOf({
    places: '{n, plural, =0 {No places} one {One place} other {# places}}',
    who: '{kind, select, a {Adviser} other {Other}}',
  })
  expect(catalogues.in('en').t('f.places', { n: 0 })).toBe('No places')
  expect(catalogues.in('en').html('f.who', { kind: 'a' })).toBe('Adviser')
  const pseudo = catalogues.in(pseudoLocale)
  expect(pseudo.direction).toBe('rtl')
  expect(pseudo.t('f.places', { n: 3 })).toBe('3 þļåçéš')
  expect(pseudo.t('f.places', { n: 3 })).not.toMatch(/[A-Za-z]/)
})

test('a language without a catalogue speaks English; a missing message is a bug', () => {
  const catalogues = cataloguesOf({ a: 'A' })
  expect(catalogues.in('fr-CA').t('f.a')).toBe('A')
  expect(() => catalogues.in('en').t('f.b')).toThrow('There is no message f.b.')
})
