// Rules of the house that a tool cannot see otherwise, written as tests.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCatalogues } from '#platform/i18n/index.ts'
import { readMigrations } from '#platform/db/index.ts'

const source = import.meta.dirname
const root = path.join(source, '..')

const files = fs
  .readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|njk|js|json)$/.test(name))
  .map((name) => ({ name, text: fs.readFileSync(path.join(source, name), 'utf8') }))
const code = files.filter(({ name }) => name.endsWith('.ts') && !/\.test\.ts$|\.generated\.ts$/.test(name))
const templates = files.filter(({ name }) => name.endsWith('.njk'))

describe('messages', () => {
  const { keys } = readCatalogues(source)
  const features = [...new Set(keys.map((key) => key.split('.')[0]!))]
  const spoken = new RegExp(`\\b(?:${features.join('|')})\\.[a-z][a-z0-9_-]*(?:\\.[a-z0-9_]+)*\\b`, 'g')
  const texts = files
    .filter(({ name }) => !name.includes('/messages/') && !/\.test\.ts$/.test(name))
    .map(({ text }) => text)
  const used = new Set(texts.flatMap((text) => text.match(spoken) ?? []))
  const families = texts.flatMap((text) =>
    [...text.matchAll(/messages: ([a-z0-9_.-]+)\*/g)].map((match) => match[1] ?? ''),
  )

  test('each is used, whole or as one of a family', () => {
    const unused = keys.filter((key) => !used.has(key) && !families.some((family) => key.startsWith(family)))
    expect(unused).toEqual([])
  })

  test('each that is spoken in a template exists', () => {
    const known = new Set(keys)
    const missing = templates.flatMap(({ name, text }) =>
      [...text.matchAll(/\b(?:t|text)\(\s*['"]([a-z-]+\.[a-z0-9_.-]+)['"]\s*[,)]/g)]
        .map((match) => match[1]!)
        .filter((key) => !known.has(key))
        .map((key) => `${name}: ${key}`),
    )
    expect(missing).toEqual([])
  })

  test('each that is spoken in code exists', () => {
    const known = new Set(keys)
    const missing = code.flatMap(({ name, text }) =>
      [...text.matchAll(/\bt\(\s*['"]([a-z-]+\.[a-z0-9_.-]+)['"]/g)]
        .map((match) => match[1]!)
        .filter((key) => !known.has(key))
        .map((key) => `${name}: ${key}`),
    )
    expect(missing).toEqual([])
  })
})

describe('tables', () => {
  // They stand in the platform's migration, because every other table leans on them.
  const isOfNetworks = (table: string) => table === 'networks' || table === 'sites'
  const owners = new Map<string, string>()
  const ownerOfMigration: Readonly<Record<string, string>> = { platform: 'platform' }
  for (const { name, sql } of readMigrations()) {
    // `0016_referrals_inbox.sql` is the referrals' too.
    const feature = /^\d+_([a-z-]+)/.exec(name)?.[1] ?? name
    for (const match of sql.matchAll(/^CREATE TABLE (\w+)/gm))
      owners.set(match[1]!, ownerOfMigration[feature] ?? feature)
  }

  // What staff and partners share at the door: staff's migrations made it, the platform writes it.
  for (const shared of ['sign_in_attempts', 'answered_challenges']) owners.set(shared, 'platform')
  // What clients tell of their skills names occupations: one migration made both.
  owners.set('client_skill_entries', 'assessment')

  test('each is written by the stores of its owner alone', () => {
    const foreign = code
      .filter(({ name }) => !name.startsWith('demo/'))
      .flatMap(({ name, text }) =>
        [...text.matchAll(/\b(?:insertInto|updateTable|deleteFrom)\(\s*'(\w+)/g)]
          .map((match) => match[1]!)
          .filter((table) => {
            const owner = owners.get(table)
            if (owner === 'platform')
              return !name.startsWith('platform/') && !(isOfNetworks(table) && name.startsWith('networks/'))
            return owner !== undefined && owner !== name.split('/')[0]
          })
          .map((table) => `${name} writes ${table}`),
      )
      .filter((line) => !line.startsWith('app.testing.ts'))
    expect(foreign).toEqual([])
  })

  test('SQL stands in stores, in the platform and in the commands', () => {
    const loose = code
      .filter(
        ({ name }) =>
          !/\.store\.ts$|\.testing\.ts$|^platform\/|^commands\/|^demo\//.test(name) && name !== 'app.testing.ts',
      )
      .filter(({ text }) => /\.(insertInto|updateTable|deleteFrom|selectFrom)\(/.test(text))
      .map(({ name }) => name)
    expect(loose).toEqual([])
  })
})

describe('pages', () => {
  test('each template is used', () => {
    const everything = files.map(({ text }) => text).join('\n')
    const unused = templates
      .map(({ name }) => name)
      .filter((name) => !everything.includes(name.split(path.sep).join('/')))
    expect(unused.filter((name) => !name.includes('/items/'))).toEqual([])
  })

  test('each form that posts carries its token', () => {
    const bare = templates
      .filter(
        ({ text }) => (text.match(/<form[^>]*method="post"/gi) ?? []).length > (text.match(/csrf\(\)/g) ?? []).length,
      )
      .map(({ name }) => name)
    expect(bare).toEqual([])
  })
})

test('each page on a method names a test that exists', () => {
  const folder = path.join(root, 'docs', 'methods')
  const lost = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .filter((name) => {
      const named = [...fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/`(src\/[\w./-]+\.test\.ts)`/g)].map(
        (match) => match[1]!,
      )
      return named.length === 0 || named.some((file) => !fs.existsSync(path.join(root, file)))
    })
  expect(lost).toEqual([])
})

test('migrations are numbered without a gap', () => {
  expect(readMigrations().map(({ name }) => Number(name.slice(0, 4)))).toEqual(
    readMigrations().map((_, index) => index + 1),
  )
})
