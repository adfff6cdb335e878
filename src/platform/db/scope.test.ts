import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, type NetworkId } from '../ids.ts'
import { inScope } from './scope.ts'
import { splitStatements } from './migrate.ts'
import { testDatabase, type TestDatabase } from './testing.ts'

let database: TestDatabase
let ours: NetworkId
let theirs: NetworkId

beforeAll(async () => {
  database = await testDatabase()
  ours = await database.addNetwork('ours')
  theirs = await database.addNetwork('theirs')
  for (const networkId of [ours, theirs]) {
    await database.as({ networkId }, (db) =>
      db.insertInto('sites').values({ network_id: networkId, id: newId(), name: 'Door', kind: 'centre' }).execute(),
    )
  }
})

afterAll(() => database.drop())

describe('row-level security', () => {
  test('a network sees its own rows alone', async () => {
    const sites = await database.as({ networkId: ours }, (db) => db.selectFrom('sites').select('network_id').execute())
    expect(sites.map((site) => site.network_id)).toEqual([ours])
  })

  test('a row cannot be written into another network', async () => {
    const write = database.as({ networkId: ours }, (db) =>
      db.insertInto('sites').values({ network_id: theirs, id: newId(), name: 'Door', kind: 'centre' }).execute(),
    )
    await expect(write).rejects.toThrow(/row-level security/)
  })

  test('without a scope the application sees and writes nothing of a network', async () => {
    await expect(database.pool.query('SELECT * FROM sites')).rejects.toThrow(/permission denied/)
    await expect(database.pool.query('SELECT * FROM staff_credentials')).rejects.toThrow(/permission denied/)
  })

  test('what one transaction was is gone in the next', async () => {
    await database.as({ networkId: ours }, async () => undefined)
    const left = await database.pool.query<{ who: string; network: string | null }>(
      `SELECT current_user AS who, current_setting('app.network_id', true) AS network`,
    )
    expect(left.rows[0]).toMatchObject({ who: 'waypost_app' })
    expect(left.rows[0]?.network || null).toBeNull()
  })

  test('every table of a network has it switched on and forced', async () => {
    const open = await database.pool.query(
      `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'network_id'
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
    )
    expect(open.rows).toEqual([])
  })

  test('every primary key and unique index of a network begins with its id', async () => {
    const loose = await database.pool.query(
      `SELECT i.indexrelid::regclass AS index FROM pg_index i
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'network_id'
       WHERE i.indisunique AND i.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
         AND NOT a.attnum = ANY (i.indkey::int2[])`,
    )
    expect(loose.rows).toEqual([])
  })
})

test('a scope takes nothing that is no id', async () => {
  const work = async () => undefined
  await expect(inScope(database.kysely, { role: 'staff', networkId: "x'; RESET ROLE; --" }, work)).rejects.toThrow(
    'no id',
  )
  await expect(
    inScope(database.kysely, { role: 'staff', networkId: ours, roles: ['root' as 'adviser'] }, work),
  ).rejects.toThrow('unknown role')
})

test('a migration is split at the ends of statements, not inside them', () => {
  expect(
    splitStatements("-- one; two\nCREATE TABLE a (b text DEFAULT ';');\n\nINSERT INTO a\n  VALUES ('x');"),
  ).toEqual(["CREATE TABLE a (b text DEFAULT ';')", "INSERT INTO a\n  VALUES ('x')"])
})
