import fs from 'node:fs'
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
