import { expect, test } from 'vitest'
import { describeError } from './log.ts'

test('what quotes people’s data is told by its code, what we say ourselves in our words', () => {
  const refused = Object.assign(new Error('550 no such person: noor@example.org'), { code: 'EENVELOPE' })
  const failed = new Error('The mail server did not take a mail.', { cause: refused })
  const told = describeError(failed)
  expect(told).toMatchObject({ message: failed.message, cause: { code: 'EENVELOPE' } })
  const row = Object.assign(new Error('duplicate key (noor@example.org)'), { code: '23505' })
  const file = Object.assign(new Error("ENOENT: open '/data/noor@example.org.csv'"), { code: 'ENOENT' })
  let parsed: unknown
  try {
    JSON.parse('noor@example.org')
  } catch (error) {
    parsed = error
  }
  expect(JSON.stringify([told, describeError(row), describeError(file), describeError(parsed)])).not.toContain('noor')
})
