// Six thousand past episodes, drawn from the stated model and taken in as a file: the way real ones come.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { facts as definitions, type FactCode, type Facts } from '#directory/index.ts'
import { importEpisodes } from '#evidence/index.ts'
import { makeRandom, type Random } from '#numerics/index.ts'
import { addDays } from '#platform/dates.ts'
import type { Work } from '#platform/http/index.ts'
import { drawFacts } from './people.ts'
import { chances, demoArms, drawArm } from './truth.ts'

/** How many outcomes nobody could find out: people lose touch. */
const lostShare = 0.06

/** What advisers of the past wrote down; needs and aims among it. */
const columns = [
  ...([
    'age',
    'sex',
    'born_abroad',
    'disability',
    'residence_area',
    'language_level',
    'schooling',
    'credential_abroad',
  ] as const),
  ...([
    'months_unemployed',
    'months_worked_3_years',
    'earlier_spells',
    'earlier_monthly_earnings',
    'occupation_group',
  ] as const),
  ...(['digital_skills', 'driving_licence', 'caring_duties', 'children', 'receives_benefit', 'needs', 'aims'] as const),
] as const satisfies readonly FactCode[]

/** A month's, of who earned nothing before. */
const usualPay = 1900

const yesNo = { 1: true, 0: false }

/** The mapping that the file is read by; its form is that of `import episodes --mapping`. */
export const pastMapping = {
  source: 'demonstration',
  id: 'episode',
  facts: Object.fromEntries(
    columns.map((code) => [code, definitions[code].kind === 'yes_no' ? { column: code, values: yesNo } : code]),
  ),
  taken: 'service',
  working_at_365: { column: 'working', values: yesNo },
  working_at_180: { column: 'working_180', values: yesNo },
  earnings_at_365: 'pay',
  started_on: 'started_on',
}

/** Draws and imports the episodes, in the transaction of the work. Throws when the importer refuses a row. */
export async function fillPast(work: Work, { seed, count }: { seed: number; count: number }): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waypost-demo-'))
  const file = path.join(folder, 'past.csv')
  try {
    fs.writeFileSync(file, pastCsv(work, { seed, count }))
    const report = await importEpisodes(work.db, {
      networkId: work.network.id,
      path: file,
      mapping: pastMapping,
      now: work.now,
    })
    if (!report.ok) throw new Error(report.problem)
    if (report.value.refusedCount > 0)
      throw new Error(`The demonstration's past was refused: ${JSON.stringify(report.value.refused[0])}`)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function pastCsv(work: Work, { seed, count }: { seed: number; count: number }): string {
  const random = makeRandom(seed, 2)
  // What was asked of them besides, from chances of its own: the rest of the past stays as it was.
  const besides = makeRandom(seed, 10)
  const lines = [[...columns, 'episode', 'service', 'working', 'started_on', 'working_180', 'pay'].join(',')]
  for (let n = 0; n < count; n++) {
    const facts = drawFacts(random)
    const arm = drawArm(facts, random)
    const isWorking = random.uniform() < (chances(facts)[demoArms.indexOf(arm)] ?? 0)
    const isLost = random.uniform() < lostShare
    const startedOn = addDays(work.today, -400 - random.below(900))
    const cells = columns.map((code) => cellOf(withGaps(facts, random)[code]))
    lines.push(
      [
        ...cells,
        `past-${n + 1}`,
        arm,
        isLost ? '' : Number(isWorking),
        startedOn,
        ...besidesOf(isLost ? null : isWorking, facts, besides),
      ].join(','),
    )
  }
  return `${lines.join('\n')}\n`
}

/** Working half a year before, which most who work then did; and the month's pay, near what it was before, of four in five who
 *  work: the others did not tell. */
function besidesOf(isWorking: boolean | null, facts: Facts, random: Random): readonly (string | number)[] {
  const [early, told, luck] = [random.uniform(), random.uniform(), random.normal()]
  if (isWorking === null) return ['', '']
  const before = typeof facts.earlier_monthly_earnings === 'number' ? facts.earlier_monthly_earnings : usualPay
  const pay = (0.6 * before + 0.4 * usualPay) * Math.exp(0.18 * luck)
  return [Number(early < (isWorking ? 0.68 : 0.1)), isWorking && told < 0.8 ? Math.round(pay) : '']
}

/** Some answers are missing, as in life. */
function withGaps(facts: Facts, random: Random): Facts {
  if (random.uniform() > 0.02) return facts
  const { earlier_monthly_earnings: _, digital_skills: __, ...rest } = facts
  return rest
}

function cellOf(value: Facts[FactCode]): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'object' ? value.join(';') : String(value)
}
