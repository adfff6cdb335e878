import { describe, expect, test } from 'vitest'
import { readTerms, termsByArm } from './terms.ts'

const typed = (cost?: string, capacity?: string) => {
  const read = readTerms({ cost, capacity }, 'none')
  return read.ok ? read.value : `${read.problem.option}: ${read.problem.reason}`
}

describe('costs and places', () => {
  test('are typed a service at a time, and what is not said has no cost and no limit', () => {
    expect(typed('mentoring=0.03, language = 0', 'language=0.2')).toEqual([
      { arm: 'language', cost: 0, capacity: 0.2 },
      { arm: 'mentoring', cost: 0.03, capacity: null },
    ])
    expect(typed()).toEqual([])
    expect(typed('a=b=0.5,work, paid=1')).toEqual([
      { arm: 'a=b', cost: 0.5, capacity: null },
      { arm: 'work, paid', cost: 1, capacity: null },
    ])
  })

  test.each([
    ['mentoring', undefined, 'cost: no_pair'],
    ['=0.3', undefined, 'cost: no_pair'],
    ['a=1,', undefined, 'cost: no_pair'],
    ['a=', undefined, 'cost: no_cost'],
    ['a=much', undefined, 'cost: no_cost'],
    ['a=-1', undefined, 'cost: no_cost'],
    ['a=Infinity', undefined, 'cost: no_cost'],
    ['a=1,a=2', undefined, 'cost: twice'],
    ['none=1', undefined, 'cost: control'],
    [undefined, 'none=0.5', 'capacity: control'],
    [undefined, 'a=20', 'capacity: no_share'],
  ])('%s with places %s are refused', (cost, capacity, problem) => {
    expect(typed(cost, capacity)).toBe(problem)
  })

  test('stand in the order of the services', () => {
    const terms = [{ arm: 'b', cost: 2, capacity: null }]
    expect(termsByArm(terms, ['none', 'a', 'b'])).toEqual({
      cost: Float64Array.of(0, 0, 2),
      capacity: Float64Array.of(Infinity, Infinity, Infinity),
    })
    expect(termsByArm([], ['none', 'a'])).toBeNull()
    expect(() => termsByArm(terms, ['none', 'a'])).toThrow('no service b')
  })
})
