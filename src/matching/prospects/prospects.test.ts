import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Prospects } from '#evidence/index.ts'
import { prospectsModel } from './panels/prospects.panel.ts'
import { prospectsChart } from './prospects-chart.ts'

const t = (key: string, values: object = {}) => `${key} ${JSON.stringify(values)}`
const reader = { t, locale: 'en' }
const said: Prospects = {
  at180: { chance: 0.22, low: 0.13, high: 0.31, similar: 140 },
  at365: { chance: 0.341, low: 0.248, high: 0.44, similar: 160 },
  earnings: { low: 145_230, middle: 176_100, high: 210_900, middleLow: 169_000, middleHigh: 185_000, people: 61 },
}

describe('prospects on a page', () => {
  test('are said in people of a hundred, with both ends', () => {
    const { sentence, rows } = prospectsModel(reader, said)
    expect(sentence).toBe('matching.prospects.said_at365 {"about":34,"low":25,"high":44}')
    expect(rows).toMatchObject([
      { about: 22, low: 13, high: 31, similar: 140 },
      { about: 34, low: 25, high: 44, similar: 160 },
    ])
  })

  test('tell pay to the ten, never to the cent', () => {
    expect(prospectsModel(reader, said).earnings).toContain('"low":"1,450","high":"2,110","middle":"1,760","people":61')
  })

  test('say no number where there are too few, and no pay where too few told it', () => {
    for (const nothing of [null, { at180: null, at365: null, earnings: said.earnings }])
      expect(prospectsModel(reader, nothing)).toMatchObject({ tooFew: true, sentence: null, rows: [], earnings: null })
    const half = prospectsModel(reader, { ...said, at365: null, earnings: null })
    expect(half.sentence).toContain('said_at180')
    expect(half.earnings).toContain('earnings_unknown')
  })

  test('the picture holds a dot and an interval a row, and its words', () => {
    const svg = prospectsChart([{ label: 'In <six>', chance: 0.2, low: 0.1, high: 0.3 }], 'a "picture"')
    expect(svg.match(/<circle/g)).toHaveLength(1)
    expect(svg).toContain('In &#60;six&#62;')
    expect(svg).not.toContain('style=')
  })
})

test('nothing that ranks, orders or allocates reads them: only the page shows them', () => {
  const source = path.join(import.meta.dirname, '..', '..')
  const readers = fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => !/^(matching|evidence)\/prospects\//.test(name))
    .filter((name) =>
      /from '[^']*prospects[^']*'|prospectsForClient/.test(fs.readFileSync(path.join(source, name), 'utf8')),
    )
  // Learning fits and keeps them, the front door passes them on, and the page of a recommendation puts up the panel.
  const mayRead =
    /^evidence\/(index|dataset\.store|learn\.run|learn-network\.run)\.ts$|^matching\/matching\.routes\.ts$/
  expect(readers.filter((name) => !mayRead.test(name))).toEqual([])
})
