// Statistics that take too long for every run: the classic estimator on the demonstration's truth, seeded.

import { beforeAll, describe, expect, test } from 'vitest'
import type { ClassicModel } from '#evidence/index.ts'
import { demoArms } from '#demo/truth.ts'
import { compareChoices, drawDemonstration, fitOn, intervalCoverage, type KnownPerson } from './classic.ts'

describe('the classic estimator on six thousand past episodes', () => {
  let model: ClassicModel
  let people: readonly KnownPerson[]

  beforeAll(() => {
    const drawn = drawDemonstration()
    people = drawn.people
    model = fitOn(drawn.past, demoArms, { draws: 200 })
  }, 600_000)

  test('chooses better than advisers of the past did, than chance and than the best single service', () => {
    const { classic, asIs, random, bestSingle, oracle } = compareChoices(people, demoArms, model)
    expect(classic).toBeGreaterThan(asIs + 1)
    expect(classic).toBeGreaterThan(random + 3)
    expect(classic).toBeGreaterThan(bestSingle + 1)
    expect(classic).toBeLessThan(oracle)
  })

  test('its 95 % intervals hold the true effect for at least 85 of 100 people', () => {
    expect(intervalCoverage(people.slice(0, 1000), demoArms, model).covered).toBeGreaterThan(85)
  })
})
