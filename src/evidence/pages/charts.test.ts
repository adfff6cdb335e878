import { describe, expect, test } from 'vitest'
import { intervalChart, plotChart, scaleOf, ticksOf } from './charts.ts'

describe('ticks', () => {
  test('are round, inside the scale, and few', () => {
    expect(ticksOf({ from: -0.031, to: 0.152 })).toEqual([0, 0.05, 0.1, 0.15])
    expect(ticksOf({ from: 0, to: 100 })).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticksOf({ from: -7, to: 13 })).toEqual([-5, 0, 5, 10])
  })
})

describe('a scale', () => {
  test('holds all values and what it is told to, and is never empty', () => {
    const { from, to } = scaleOf([0.02, 0.09], [0])
    expect(from).toBeLessThan(0)
    expect(to).toBeGreaterThan(0.09)
    for (const values of [[], [3], [0]]) {
      const scale = scaleOf(values)
      expect(scale.to).toBeGreaterThan(scale.from)
    }
  })
})

describe('a picture', () => {
  const point = { x: 0.05, value: 0.06, low: 0.02, high: 0.1 }

  test('says its words to who cannot see it, and lets none of them become markup', () => {
    const drawn = intervalChart(point, { from: -0.1, to: 0.2 }, 'More than "5" <of> 100')
    expect(drawn).toContain('role="img"')
    expect(drawn).toContain('aria-label="More than &#34;5&#34; &#60;of&#62; 100"')
  })

  test('of one point, or of points all alike, is drawn', () => {
    for (const points of [[point], [point, point], [{ ...point, low: 0.06, high: 0.06 }]]) {
      const drawn = plotChart(points, { label: 'x', isDiagonal: true, isJoined: true, times: { x: 100, y: 100 } })
      expect(drawn).not.toMatch(/NaN|Infinity/)
      expect(drawn.match(/<circle/g)).toHaveLength(points.length)
    }
  })

  test('has no inline style, which the security policy would refuse', () => {
    expect(plotChart([point], { label: 'x', times: { x: 1, y: 1 } })).not.toContain('style=')
  })
})
