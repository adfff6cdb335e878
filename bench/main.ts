// `npm run bench [name …]`: figures as ratios of one run, on this machine, now.

import { measureAllocation } from './allocation.ts'
import { measureAnswers } from './answers.ts'
import { measureClassic } from './classic.ts'
import { measureDirectoryImport } from './directory-import.ts'
import { measurePages } from './pages.ts'
import { measureRecommendation } from './recommend.ts'

interface Part {
  readonly name: string
  readonly about: string
  measure(): Promise<object>
}

const parts: readonly Part[] = [
  {
    name: 'pages',
    about: 'page requests a second against a bare Fastify route doing the same query',
    measure: measurePages,
  },
  {
    name: 'answers',
    about: 'fifty partners and fifty advisers on fifty referrals at once, against bare transactions on one row',
    measure: measureAnswers,
  },
  {
    name: 'import',
    about: 'directory import, rows a second against PostgreSQL COPY of the same rows',
    measure: () => measureDirectoryImport(),
  },
  {
    name: 'recommend',
    about: 'a recommendation for one client over 10,000 services, in indexed primary-key reads',
    measure: () => measureRecommendation(),
  },
  {
    name: 'allocation',
    about:
      '2,000 clients for 200 services with places: seconds to the best answer, and what proves that it is the best',
    measure: () => measureAllocation(),
  },
  {
    name: 'classic',
    about: 'people of 100 who work a year later, in truth, when the classic estimator, others or nobody choose',
    measure: measureClassic,
  },
]

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !parts.some((part) => part.name === name))
if (unknown) {
  console.error(`There is no part ${unknown}. There are: ${parts.map((part) => part.name).join(', ')}.`)
  process.exit(2)
}
for (const part of parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`${part.name}: ${part.about}`)
  for (const [name, value] of Object.entries(await part.measure())) console.log(`  ${name.padEnd(18)} ${shown(value)}`)
}

function shown(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(3) : JSON.stringify(value)
}
