import { afterAll, beforeAll, expect, test } from 'vitest'
import { scan } from './clamd.client.ts'
import { signature, startScanner, type TestScanner } from './clamd.testing.ts'

let scanner: TestScanner
beforeAll(async () => {
  scanner = await startScanner()
})
afterAll(() => scanner.close())

async function* pieces(...texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}
const ask = (...texts: readonly string[]) => scan(new URL(scanner.url), pieces(...texts))

test('what is harmless is clean, and a signature is found though it lies across two pieces', async () => {
  scanner.answer = 'verdict'
  expect(await ask('just', ' words')).toBe('clean')
  expect(await ask(`x${signature.slice(0, 9)}`, signature.slice(9))).toBe('infected')
})

test('without a verdict a scan has failed: an error, a closed line, another answer, nobody there', async () => {
  for (const answer of ['error', 'hang_up', 'nonsense'] as const) {
    scanner.answer = answer
    await expect(ask('words')).rejects.toMatchObject({ name: 'ScanFailed' })
  }
  await expect(scan(new URL('tcp://127.0.0.1:1'), pieces('words'))).rejects.toMatchObject({ name: 'ScanFailed' })
})

test('a large file goes through whole', async () => {
  scanner.answer = 'verdict'
  const piece = 'x'.repeat(512 * 1024)
  expect(await ask(piece, piece, piece, piece, signature)).toBe('infected')
})
