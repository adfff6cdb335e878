// Published experiments and comparisons: averages from our scores beside those of causal forests on the same data, the figures
// of grf 2.6.1 (2,000 trees; 1,000 where there are several arms). Skipped, saying so, where the data are not at hand.

import fs from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  averageEffects,
  binTable,
  cutColumn,
  doublyRobustScores,
  effectsOnTreated,
  effectsInOverlap,
  expit,
  fitBoosting,
  makeRandom,
  meanOf,
  overturningStrength,
  shuffled,
  type BinnedTable,
} from '../index.ts'

const data = `${import.meta.dirname}/../../../../shared/data`
const isThere = fs.existsSync(data)
if (!isThere) console.log('skipped: ../shared/data, which holds the published data, is not here')

type Row = Readonly<Record<string, string>>

function readRows(file: string): Row[] {
  const [head, ...lines] = zlib
    .gunzipSync(fs.readFileSync(`${data}/${file}`))
    .toString()
    .trim()
    .split('\n')
  const names = head!.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at]!, cell])))
}

function tableOf(rows: readonly Row[], names: readonly string[]): BinnedTable {
  const columns = names.map((name) => Float64Array.from(rows, (row) => Number(row[name])))
  const cuts = columns.map((values) => cutColumn({ kind: 'number', levels: 0, values }))
  return binTable(cuts, columns, rows.length)
}

const folds = 5

/** Predictions of y for every row from the four fifths that do not hold it, learned on rows of `isIn` alone. */
function crossFitted(
  table: BinnedTable,
  y: Float64Array,
  isIn: (row: number) => boolean,
  loss: 'squared' | 'logistic',
): Float64Array {
  const order = shuffled(table.rows, makeRandom(17, 0))
  const out = new Float64Array(table.rows)
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, at) => at % folds === fold)
    const rows = order.filter((row, at) => at % folds !== fold && isIn(row))
    const { kept } = fitBoosting(
      { table, loss, outputs: 1, y, rows, weight: null, offset: null },
      { rounds: 60, learningRate: 0.1, leaves: 6, heldOut: { rows: held, keepAfter: [60] } },
    )
    held.forEach((row, at) => (out[row] = loss === 'logistic' ? expit(kept[0]![at]!) : kept[0]![at]!))
  }
  return out
}

describe.skipIf(!isThere)('Pennsylvania reemployment bonus, quarters 1 to 4, shares known by quarter', () => {
  const arms = [
    'control',
    'declining_long',
    'high_long',
    'high_long_no_workshop',
    'high_short',
    'low_long',
    'low_short',
  ]
  const rows = isThere ? readRows('penn-bonus/penn_bonus.csv.gz').filter(({ quarter }) => Number(quarter) <= 4) : []
  const arm = Uint8Array.from(rows, (row) => arms.indexOf(row.arm!))
  const y = Float64Array.from(rows, (row) => Math.log(Number(row.inuidur1)))

  test('every average agrees with the forest’s within half a standard error', { timeout: 60_000 }, () => {
    const facts = Object.keys(rows[0]!).filter((name) => name !== 'arm' && name !== 'inuidur1')
    const table = tableOf(rows, facts)
    const propensity = new Float64Array(rows.length * arms.length)
    for (let quarter = 1; quarter <= 4; quarter++) {
      const own = rows.flatMap((row, i) => (Number(row.quarter) === quarter ? [i] : []))
      arms.forEach((_, k) => {
        const share = own.filter((i) => arm[i] === k).length / own.length
        for (const i of own) propensity[k * rows.length + i] = share
      })
    }
    const outcome = Float64Array.from(
      arms.flatMap((_, k) => [...crossFitted(table, y, (i) => arm[i] === k, 'squared')]),
    )
    const scores = doublyRobustScores({ arm, y, outcome, propensity })
    const found = averageEffects({ scores, rows: rows.length })
    const forest = [
      [-0.06025, 0.0426],
      [-0.08638, 0.042],
      [-0.1176, 0.0406],
      [-0.0691, 0.0415],
      [-0.0795, 0.0383],
      [-0.08837, 0.048],
    ] as const
    found.forEach(({ estimate, se }, k) => {
      console.log(`${arms[k + 1]}: ${estimate.toFixed(4)} (${se.toFixed(4)}), forest ${forest[k]!.join(' (')})`)
      expect(Math.abs(estimate - forest[k]![0])).toBeLessThan(0.5 * forest[k]![1])
      expect(se / forest[k]![1]).toBeGreaterThan(0.9)
      expect(se / forest[k]![1]).toBeLessThan(1.1)
    })
  })
})

describe.skipIf(!isThere)('National Supported Work', () => {
  const all = isThere ? readRows('lalonde/nsw_cps1.csv.gz') : []
  const earnings = (row: Row) => Number(row.re78)

  test('the raw difference of the experiment is 1,794 (671)', () => {
    const rows = all.filter(({ sample }) => sample === 'nsw')
    const treated = meanOf(
      Float64Array.from(
        rows.filter(({ treat }) => treat === '1'),
        earnings,
      ),
    )
    const control = meanOf(
      Float64Array.from(
        rows.filter(({ treat }) => treat === '0'),
        earnings,
      ),
    )
    expect(Math.round(treated.estimate - control.estimate)).toBe(1794)
    expect(Math.round(Math.hypot(treated.se, control.se))).toBe(671)
  })

  test(
    'the survey’s effect on the treated agrees with the forest’s within half a standard error',
    { timeout: 60_000 },
    () => {
      const rows = all.filter(({ sample, treat }) => sample === 'cps1' || treat === '1')
      const arm = Uint8Array.from(rows, ({ treat }) => Number(treat))
      const y = Float64Array.from(rows, earnings)
      const table = tableOf(rows, ['age', 'educ', 'black', 'hisp', 'married', 'nodegree', 're74', 're75'])
      const share = crossFitted(table, Float64Array.from(arm), () => true, 'logistic')
      const none = crossFitted(table, y, (i) => arm[i] === 0, 'squared')
      const some = crossFitted(table, y, (i) => arm[i] === 1, 'squared')
      const problem = {
        arm,
        y,
        outcome: Float64Array.from([...none, ...some]),
        propensity: Float64Array.from([...share.map((p) => 1 - p), ...share]),
      }
      const [treated] = effectsOnTreated(problem)
      const scores = doublyRobustScores(problem)
      const [overlap] = effectsInOverlap({ scores, rows: rows.length }, problem.propensity)
      const takers = overturningStrength({ ...problem, compared: 1, target: 'treated' })
      console.log(
        `treated ${treated!.estimate.toFixed(0)} (${treated!.se.toFixed(0)}), overlap ${overlap!.estimate.toFixed(0)} (${overlap!.se.toFixed(0)}), ${JSON.stringify(takers)}`,
      )
      expect(Math.abs(treated!.estimate - 1595)).toBeLessThan(0.5 * 712)
      expect(treated!.se).toBeLessThan(1.2 * 712)
    },
  )
})
