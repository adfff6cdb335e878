import { describe, expect, test } from 'vitest'
import { bestPolicyTree, binTable, chooseByWelfare, cutColumn, makeRandom, type PolicyTree } from '#numerics/index.ts'
import { usualMinimum } from '#platform/suppression.ts'
import type { Feature } from '../dataset/learning-table.ts'
import { otherLevels } from '../dataset/levels.ts'
import { capacityAsItWas, placesWithin } from './capacity.ts'
import { groupFigures } from './group-figures.ts'
import { policyNodes } from './policy-nodes.ts'
import { inNoGroup, protectedGroups } from './protected-groups.ts'
import { welfarePoints } from './welfare-points.ts'

const feature = (name: string, values: readonly number[], more: Partial<Feature> = {}): Feature => ({
  name,
  kind: 'number',
  levels: [],
  isProtected: true,
  values: Float64Array.from(values),
  ...more,
})

describe('a policy tree in names', () => {
  const random = makeRandom(5, 1)
  const rows = 900
  const draw = (of: (i: number) => number) => Array.from({ length: rows }, (_, i) => of(i))
  const months = feature(
    'months_unemployed',
    draw(() => random.below(24)),
  )
  const region = feature(
    'region',
    draw(() => random.below(3)),
    { kind: 'category', levels: ['coast', 'north', 'south'] },
  )
  const features = [months, region]
  const columns = features.map(({ kind, levels, values }) =>
    cutColumn({ kind: kind === 'category' ? 'category' : 'number', levels: levels.length, values }),
  )
  const table = binTable(
    columns,
    features.map(({ values }) => values),
    rows,
  )
  const rewards = new Float64Array(3 * rows)
  for (let i = 0; i < rows; i++) {
    const best = months.values[i]! <= 6 ? 1 : region.values[i] === 1 ? 2 : 0
    for (let a = 0; a < 3; a++) rewards[a * rows + i] = a === best ? 1 : 0
  }
  const tree = bestPolicyTree({ table, columns: [0, 1], rewards, arms: 3, weight: null }, { depth: 2 })
  const arms = ['none', 'job_search', 'vocational']

  test('says features, the highest value that goes left, levels and service types', () => {
    const nodes = policyNodes(tree, features, columns, arms)
    expect(nodes[0]).toMatchObject({ feature: 'months_unemployed', cut: 6, levels: null, arm: null, rows })
    expect(nodes[nodes[0]!.left!]).toMatchObject({ arm: 'job_search', value: 1, feature: null })
    const right = nodes[nodes[0]!.right!]!
    expect(right).toMatchObject({ feature: 'region', cut: null, levels: ['north'] })
    expect([nodes[right.left!]!.arm, nodes[right.right!]!.arm]).toEqual(['vocational', 'none'])
  })

  test('a tree of other features, arms or cuts is refused', () => {
    expect(() => policyNodes(tree, [], columns, arms)).toThrow('feature')
    expect(() => policyNodes(tree, features, columns, ['none'])).toThrow('arm')
    const cut: PolicyTree = { ...tree, cut: new Uint8Array(tree.cut.length).fill(200) }
    expect(() => policyNodes(cut, features, columns, arms)).toThrow('no value')
  })
})

describe('capacity as it was', () => {
  test('each service type has as many places as people took it, and none has no limit', () => {
    const { places, shares } = capacityAsItWas(Uint8Array.of(0, 1, 1, 2, 0, 0, 0, 0), 4)
    expect([...places]).toEqual([Infinity, 2, 1, 0])
    expect([...shares]).toEqual([Infinity, 0.25, 0.125, 0])
    expect(() => capacityAsItWas(new Uint8Array(0), 2)).toThrow('past')
  })

  test('gives way to places that were said, rounded down', () => {
    const taken = Uint8Array.of(0, 1, 1, 2, 0, 0, 0, 0)
    expect([...placesWithin(taken, 3, null)]).toEqual([Infinity, 2, 1])
    expect([...placesWithin(taken, 3, Float64Array.of(Infinity, 0.49, Infinity))]).toEqual([Infinity, 3, 1])
    expect([...placesWithin(taken, 3, Float64Array.of(Infinity, 0, 0.5))]).toEqual([Infinity, 0, 4])
  })
})

describe('the trade-off on the card', () => {
  const outcomes = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.2, 0.3, 0.3, 0.4, 0.7, 0.9)
  const problem = { outcomes, scores: outcomes, rows: 6, isChance: true, places: Float64Array.of(Infinity, 2) }
  const rest = { cost: null, weight: null, cluster: null }

  test('one point a setting, with the share of each service type', () => {
    const points = welfarePoints(chooseByWelfare({ ...problem, ...rest }, [0, null]), ['none', 'language'])
    expect(points.map(({ aversion }) => aversion)).toEqual([0, null])
    expect(points[0]!.value).toBeCloseTo(2.6 / 6, 12)
    expect(points[1]!.value).toBeCloseTo(2.3 / 6, 12)
    expect([points[0]!.worseOffValue, points[1]!.worseOffValue].map((v) => v.toFixed(3))).toEqual(['0.150', '0.250'])
    expect(points[1]!.allocation[1]).toEqual({ arm: 'language', share: 2 / 6 })
  })

  test('what has no standard error is left out', () => {
    const choices = chooseByWelfare({ ...problem, ...rest, cluster: new Int32Array(6) }, [0])
    expect(welfarePoints(choices, ['none', 'language'])).toEqual([])
  })
})

describe('protected facts as groups', () => {
  test('levels and few values are groups, and not known is one of its own', () => {
    const all = [
      feature('female', [1, 0, NaN, 0]),
      feature('origin', [1, 0, 0, NaN], { kind: 'category', levels: ['abroad', 'here'] }),
    ]
    const [sex, origin] = protectedGroups(all, 1)
    expect(sex).toMatchObject({ labels: ['0', '1', 'unknown'], places: Uint8Array.of(1, 0, 2, 0) })
    expect(origin).toMatchObject({ labels: ['abroad', 'here', 'unknown'], places: Uint8Array.of(1, 0, 0, 2) })
  })

  test('a number of many values becomes its thirds', () => {
    const [age] = protectedGroups([feature('age', [20, 25, 30, 35, 40, 45, 50, 55, 60])], 1)
    expect(age!.labels).toEqual(['≤ 30', '> 30, ≤ 45', '> 45'])
    expect([...age!.places]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2])
  })

  test('the rarest levels are told together, and what is not protected is not told at all', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `level ${level}`)
    const values = levels.flatMap((_, level) => new Array<number>(50 - level).fill(level))
    const [only, ...others] = protectedGroups([
      feature('origin', values, { kind: 'category', levels }),
      feature('education', values, { isProtected: false }),
    ])
    expect(others).toEqual([])
    expect(only!.labels).toEqual([...levels.slice(0, 7), otherLevels])
    expect(only!.places.at(-1)).toBe(7)
  })

  test('small groups are told together, and in none where even that is small', () => {
    const of = (...sizes: readonly number[]) => sizes.flatMap((size, level) => new Array<number>(size).fill(level))
    const more = { kind: 'category' as const, levels: ['a', 'b', 'c', 'd'] }
    const [together, tooFew] = protectedGroups([
      feature('origin', of(40, 12, 30, 11), more),
      feature('faith', of(40, 12, 40, 1), more),
    ])
    expect(together!.labels).toEqual(['a', 'c', otherLevels])
    expect([together!.places[45], together!.places.at(-1)]).toEqual([2, 2])
    expect(tooFew!.labels).toEqual(['a', 'c'])
    expect([tooFew!.places[45], tooFew!.places.at(-1)]).toEqual([inNoGroup, inNoGroup])
  })
})

describe('figures by group', () => {
  const rows = 400
  const random = makeRandom(9, 3)
  const draw = (of: (i: number) => number) => Array.from({ length: rows }, (_, i) => of(i))
  const columns = protectedGroups([
    feature(
      'female',
      draw((i) => (i % 2 === 0 ? 1 : 0)),
    ),
    feature(
      'disability',
      draw((i) => (i % 4 === 0 ? 1 : i === 1 ? NaN : 0)),
    ),
  ])
  const figures = {
    asItWas: Float64Array.from(draw((i) => (i % 2 === 0 ? 0.4 : 0.6) + 0.01 * random.normal())),
    engine: Float64Array.from(draw((i) => (i % 2 === 0 ? 0.5 : 0.6) + 0.01 * random.normal())),
    chosen: Uint8Array.from(draw((i) => (i % 2 === 0 ? i % 3 : i < 7 ? 2 : i % 5 === 0 ? 1 : 0))),
    arms: ['none', 'language', 'vocational'],
  }

  test('each group has its mean with an interval, as it was and under the rule', () => {
    const { groups } = groupFigures(columns, figures)
    const women = groups.find(({ feature, group }) => feature === 'female' && group === '1')
    expect(women?.rows).toBe(200)
    expect(women?.asItWas?.estimate).toBeCloseTo(0.4, 2)
    expect(women?.engine?.estimate).toBeCloseTo(0.5, 2)
    expect(women?.allocation.find(({ arm }) => arm === 'none')?.share).toBeCloseTo(0.335, 9)
  })

  test('intersections of two facts are told too', () => {
    const { groups } = groupFigures(columns, figures)
    const both = groups.find(({ feature, group }) => feature === 'female × disability' && group === '1 × 1')
    expect(both?.rows).toBe(100)
    expect(groups.filter(({ feature }) => feature === 'female')).toHaveLength(2)
  })

  test('a group of a few people is left out and counted', () => {
    const { groups, leftOut } = groupFigures(columns, figures)
    expect(groups.some(({ group }) => group.includes('unknown'))).toBe(false)
    expect(leftOut).toBeGreaterThanOrEqual(1)
    for (const { rows: size } of groups) expect(size).toBeGreaterThanOrEqual(20)
  })

  test('no count below the minimum can be read from an allocation, nor worked out from the others', () => {
    const { groups } = groupFigures(columns, figures)
    for (const { rows: size, allocation } of groups) {
      for (const { share } of allocation) {
        const count = Math.round(share * size)
        expect(count === 0 || count >= usualMinimum).toBe(true)
      }
      expect(figures.arms.length - allocation.length).not.toBe(1)
    }
    const men = groups.find(({ feature, group }) => feature === 'female' && group === '0')
    expect(men?.allocation.map(({ arm }) => arm)).not.toContain('vocational')
  })

  test('one cluster alone has no interval, and no estimate is shown', () => {
    const { groups } = groupFigures(columns, { ...figures, cluster: new Int32Array(rows) })
    for (const { engine } of groups) expect(engine).toBeNull()
  })

  test('without protected facts there is nothing to tell', () => {
    expect(groupFigures([], figures)).toEqual({ groups: [], leftOut: 0 })
  })
})
