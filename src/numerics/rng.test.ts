import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bootstrapCounts, makeRandom, shuffled } from './index.ts'

const draws = (seed: number, index: number) => {
  const random = makeRandom(seed, index)
  return Array.from({ length: 8 }, random.uniform)
}

test('equal seed and index give the equal stream, and any other pair another', () => {
  expect(draws(7, 3)).toEqual(draws(7, 3))
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), (a, i, b, j) => {
      fc.pre(a !== b || i !== j)
      expect(draws(a, i)).not.toEqual(draws(b, j))
    }),
  )
})

test('the stream is pinned: a change of the generator would change every stored model', () => {
  expect(draws(1, 0).map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
    [
      "0.146835",
      "0.875262",
      "0.850185",
      "0.111080",
      "0.625468",
      "0.817229",
      "0.022114",
      "0.811453",
    ]
  `)
})

test('draws are uniform, whole numbers without bias, normals of mean 0 and deviation 1', () => {
  const random = makeRandom(42, 0)
  const n = 60_000
  const tenths = new Array<number>(10).fill(0)
  const sevenths = new Array<number>(7).fill(0)
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    tenths[Math.floor(random.uniform() * 10)]!++
    sevenths[random.below(7)]!++
    const z = random.normal()
    sum += z
    squares += z * z
  }
  // Five standard deviations of a count.
  for (const count of tenths) expect(Math.abs(count - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.09))
  for (const count of sevenths) expect(Math.abs(count - n / 7)).toBeLessThan(5 * Math.sqrt((n * 6) / 49))
  expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n))
  expect(Math.abs(squares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
})

test('neighbouring indices share nothing', () => {
  let product = 0
  const n = 4000
  for (let index = 0; index < n; index++) {
    product += (makeRandom(5, index).uniform() - 0.5) * (makeRandom(5, index + 1).uniform() - 0.5)
  }
  expect(Math.abs(product / n)).toBeLessThan(5 / 12 / Math.sqrt(n))
})

test('a bootstrap draws as many as there are, a shuffle keeps each once', () => {
  const counts = bootstrapCounts(500, makeRandom(1, 1))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(500)
  // A share of 1/e is not drawn.
  expect(counts.filter((count) => count === 0).length).toBeGreaterThan(130)
  expect([...shuffled(100, makeRandom(1, 2))].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('a seed that is no whole number is refused', () => {
  expect(() => makeRandom(1.5, 0)).toThrow(RangeError)
})
