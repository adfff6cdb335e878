import path from 'node:path'
import { expect, test } from 'vitest'
import { readCatalogues } from '#platform/i18n/index.ts'
import { gainChart } from './gain-chart.ts'
import { anEstimate } from './matching.factory.ts'
import { estimateSentence, isThin } from './sentence.ts'

const words = readCatalogues(path.join(import.meta.dirname, '..')).in('en')

function said(gain: number, low: number, high: number, similar = 312): string {
  const { key, values } = estimateSentence({
    ...anEstimate('x', gain),
    chanceWithout: 0.38,
    chanceWith: 0.38 + gain,
    low,
    high,
    similar,
  })
  return words.t(key, values)
}

test('an estimate is told in people of a hundred, with its interval in more and fewer', () => {
  expect(said(0.08, -0.02, 0.17)).toBe(
    'For people with answers like these we estimate that about 46 in 100 are working a year later with this, and about 38 without: between 2 fewer and 17 more. Based on 312 similar past clients who took it.',
  )
  expect(said(0.08, 0.02, 0.17)).toContain('between 2 and 17 more')
  expect(said(-0.08, -0.17, -0.02, 1)).toContain('between 2 and 17 fewer. Based on 1 similar past client who')
})

test('an interval that ends at nothing is told without a minus zero', () => {
  expect(said(0.05, -0.004, 0.1)).toContain('between 0 and 10 more')
  expect(said(-0.05, -0.1, 0.004)).toContain('between 0 and 10 fewer')
})

test('fewer than thirty similar past clients are told apart', () => {
  expect([29, 30].map((similar) => isThin({ similar }))).toEqual([true, false])
})

test('the chart has its words, no inline style, and stays inside its frame', () => {
  const svg = gainChart({ gain: 0.6, low: -0.9, high: 0.95 }, 'More: "60" & <such>')
  expect(svg).toContain('role="img" aria-label="More: &#34;60&#34; &#38; &#60;such&#62;"')
  expect(svg).not.toMatch(/style/)
  for (const [, x] of svg.matchAll(/ (?:cx|x1|x2|x)="([\d.-]+)"/g)) {
    expect(Number(x)).toBeGreaterThanOrEqual(0)
    expect(Number(x)).toBeLessThanOrEqual(240)
  }
})
