import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readLearningFile } from './read-learning-file.run.ts'
import type { Roles } from './roles.ts'

/** Published data, where they lie beside the project (see their own README for sources). */
const shared = '../shared/data'
const lalonde = `${shared}/lalonde/nsw_cps1.csv.gz`
const bonus = `${shared}/penn-bonus/penn_bonus.csv.gz`
for (const file of [lalonde, bonus]) if (!fs.existsSync(file)) console.log(`skipped: there is no ${file}`)

async function read(file: string, roles: Roles) {
  const result = await readLearningFile(file, roles)
  if (!result.ok) throw new Error(result.problem.sentence)
  return result.value
}

test.skipIf(!fs.existsSync(lalonde))(
  'the training experiment beside a survey: all rows, and how far apart they are',
  async () => {
    const { table, report } = await read(lalonde, { treatment: 'treat', control: '0', outcome: 're78' })
    expect(report.arms.map(({ arm, rows }) => [arm, rows])).toEqual([
      ['0', 260 + 15_992],
      ['1', 185],
    ])
    expect(report.refusals.count).toBe(0)
    expect(table.features.map(({ name }) => name)).toContain('re74')
    // Earnings of 1975 were 1.7 standard deviations lower among those in the programme.
    const earlier = report.differences.find(({ feature }) => feature === 're75')
    expect(earlier!.difference).toBeCloseTo(-1.71, 1)
  },
)

test.skipIf(!fs.existsSync(bonus))('the bonus experiment: seven offers, known by name', async () => {
  const { table, report } = await read(bonus, {
    ...{ treatment: 'arm', control: 'control', outcome: 'inuidur1', categorical: ['quarter'], protected: ['female'] },
  })
  expect(table.rows).toBe(13_913)
  expect(table.arms).toHaveLength(7)
  expect(table.features.find(({ name }) => name === 'quarter')).toMatchObject({
    levels: ['1', '2', '3', '4', '5', '6'],
  })
  // An experiment: the groups are alike but for the quarters, in which the offers' shares differ.
  const others = report.differences.filter(({ feature }) => feature !== 'quarter')
  expect(Math.max(...others.map(({ difference }) => Math.abs(difference)))).toBeLessThan(0.25)
})

test.skipIf(!fs.existsSync(bonus))(
  'its known shares: where an offer was never made, the chance is nought',
  async () => {
    const [header, ...rows] = gunzipSync(fs.readFileSync(bonus)).toString().trim().split('\n')
    const names = header!.split(',')
    const said = rows.map((row) => ({
      row,
      arm: row.split(',')[0]!,
      quarter: row.split(',')[names.indexOf('quarter')]!,
    }))
    const arms = [...new Set(said.map(({ arm }) => arm))]
    const counts = new Map<string, number>()
    for (const { arm, quarter } of said) {
      for (const key of [quarter, `${quarter} ${arm}`]) counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    const lines = said.map(({ row, quarter }) => {
      const shares = arms.map((arm) => ((counts.get(`${quarter} ${arm}`) ?? 0) / counts.get(quarter)!).toFixed(5))
      return [row, ...shares].join(',')
    })
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-bonus-'))
    const file = path.join(folder, 'bonus.csv')
    fs.writeFileSync(file, [`${header},${arms.map((arm) => `p_${arm}`).join(',')}`, ...lines, ''].join('\n'))
    const { table, report } = await read(file, {
      ...{
        treatment: 'arm',
        control: 'control',
        outcome: 'inuidur1',
        categorical: ['quarter'],
        knownPropensity: 'p_*',
      },
    })
    fs.rmSync(folder, { recursive: true })
    // Quarters 5 and 6, in which the offer without a workshop was not made.
    expect([table.rows, report.refusals.count]).toEqual([13_913, 0])
    expect(report.notes.join()).toContain(`“high_long_no_workshop” could not be had by ${13_913 - 9601} rows`)
    for (let i = 0; i < table.rows; i += 500) {
      let sum = 0
      for (let k = 0; k < arms.length; k++) sum += table.knownPropensity![k * table.rows + i]!
      expect(sum).toBeCloseTo(1, 12)
    }
  },
)
