import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRandom } from '#numerics/index.ts'
import { drawOrganizations } from './organizations.ts'
import { drawFacts } from './people.ts'
import { assignment, chances, demoArms } from './truth.ts'

const people = Array.from({ length: 4000 }, (_, n) => drawFacts(makeRandom(7, n)))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the model of the demonstration', () => {
  test('the same seed gives the same people and the same partners', () => {
    expect(drawFacts(makeRandom(3, 1))).toEqual(drawFacts(makeRandom(3, 1)))
    expect(drawOrganizations(makeRandom(3, 1))).toEqual(drawOrganizations(makeRandom(3, 1)))
  })

  test('there are forty partners, each with a name of its own, and a hundred services', () => {
    const organizations = drawOrganizations(makeRandom(1, 1))
    expect(new Set(organizations.map(({ name }) => name)).size).toBe(40)
    expect(organizations.flatMap(({ services }) => services)).toHaveLength(100)
  })

  test('chances are chances, and everyone may have been sent anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const facts = drawFacts(makeRandom(seed, 0))
        const shares = assignment(facts)
        const isWhole = Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9
        return (
          isWhole &&
          shares.every((share) => share >= 0.015 - 1e-12) &&
          chances(facts).every((chance) => chance >= 0.01 && chance <= 0.97)
        )
      }),
    )
  })

  test.each(demoArms.slice(1))('%s helps some people and not others', (arm) => {
    const at = demoArms.indexOf(arm)
    const gains = people.map((facts) => (chances(facts)[at] ?? 0) - (chances(facts)[0] ?? 0))
    expect(Math.max(...gains)).toBeGreaterThan(0.05)
    expect(Math.min(...gains)).toBeLessThan(0)
  })

  test('choosing the best service for each helps more than the best single one for all', () => {
    const best = mean(people.map((facts) => Math.max(...chances(facts))))
    const single = Math.max(...demoArms.map((_, at) => mean(people.map((facts) => chances(facts)[at] ?? 0))))
    expect(best - single).toBeGreaterThan(0.04)
  })
})
