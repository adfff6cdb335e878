// `import occupations|labour-market`: reference data on occupations, each with a true report.

import path from 'node:path'
import { importLabourMarket, importOccupations, installShippedOccupations } from '#occupations/index.ts'
import { inScope, type Db, type OpenDatabase } from '#platform/db/index.ts'
import { parseDay } from '#platform/dates.ts'
import type { Network } from '#platform/http/index.ts'
import { RefusedInput, WrongUse, type Command, type Outcome } from './command.ts'
import { englishWords, networkOption, withNetwork } from './runtime.ts'

// messages: occupations.file_problem.*
// messages: occupations.reason.*

const mostShown = 50

export const importOccupationsCommand: Command = {
  usage: '[<folder or file> …] [--network …]',
  // An ESCO release has a dozen files for each language; a folder names them all.
  positionals: Array.from({ length: 40 }, () => '<path>?'),
  options: networkOption,
  run: (invocation) =>
    withNetwork(invocation, async (database, network) => {
      const now = new Date()
      const transact = inJob(database, network)
      if (invocation.positionals.length === 0) {
        await transact((db) => installShippedOccupations(db, network.id, now))
        return { exit: 0, document: { source: 'waypost' }, lines: ['The list that comes with Waypost is in.'] }
      }
      const paths = invocation.positionals.map((each) => path.resolve(each))
      const onProgress = (file: string, rows: number) => invocation.progress(`${file}: ${rows} rows`)
      const done = await importOccupations({ transact, networkId: network.id, paths, now, onProgress })
      if (!done.ok) throw refusedFile(done.problem)
      const { source, files, notRead, occupations, skills, needs, refusedCount, refused } = done.value
      return {
        exit: refusedCount > 0 ? 1 : 0,
        document: done.value,
        lines: [
          `${source.title}, ${source.licence}.`,
          ...files.map(({ name, rows }) => `  ${name}: ${rows} rows`),
          ...(notRead.length > 0 ? [`Not read: ${notRead.join(', ')}.`] : []),
          `Names of occupations: ${counted(occupations)}, ${occupations.gone} occupations gone.`,
          `Names of skills: ${counted(skills)}.`,
          `Skills that occupations need: ${counted(needs)}, ${needs.gone} gone.`,
          ...refusalLines(refusedCount, refused),
        ],
      }
    }),
}

export const importLabourMarketCommand: Command = {
  usage: '<CSV file> [--source name] [--as-of YYYY-MM-DD] [--in-demand] [--network …]',
  positionals: ['<path>'],
  options: {
    source: { type: 'string', about: 'who says so, where the file has no column for it' },
    'as-of': { type: 'string', about: 'the day that the figures hold for, where the file has no column for it' },
    'in-demand': { type: 'boolean', about: 'the file lists occupations in demand' },
    ...networkOption,
  },
  run: (invocation) =>
    withNetwork(invocation, async (database, network): Promise<Outcome> => {
      const typed = invocation.option('as-of')
      const asOf = typed === undefined ? null : parseDay(typed)
      if (typed !== undefined && asOf === null) throw new WrongUse('--as-of is a day, such as 2026-01-31.')
      const done = await importLabourMarket({
        ...{ transact: inJob(database, network), networkId: network.id, now: new Date() },
        path: path.resolve(String(invocation.positionals[0])),
        defaults: { source: invocation.option('source') ?? null, asOf, isInDemand: invocation.flag('in-demand') },
      })
      if (!done.ok) throw refusedFile(done.problem)
      const { rows, counts, refusedCount, refused } = done.value
      return {
        exit: refusedCount > 0 ? 1 : 0,
        document: done.value,
        lines: [`${rows} rows: ${counted(counts)}, ${counts.gone} gone.`, ...refusalLines(refusedCount, refused)],
      }
    }),
}

function inJob({ kysely }: OpenDatabase, network: Network) {
  return <T>(work: (db: Db) => Promise<T>) => inScope(kysely, { role: 'job', networkId: network.id }, work)
}

interface Refusal {
  readonly file: string
  readonly line: number
  readonly reason: string
  readonly value: string
}

function refusedFile({ file, line, reason, value }: Omit<Refusal, 'line'> & { readonly line: number | null }) {
  const place = line === null ? file : `${file}, line ${line}`
  const { t } = englishWords()
  return new RefusedInput(`${place}: ${t(`occupations.file_problem.${reason}`, { value })} Nothing was imported.`)
}

function refusalLines(count: number, refused: readonly Refusal[]): string[] {
  if (count === 0) return []
  const { t } = englishWords()
  const shown = refused
    .slice(0, mostShown)
    .map(({ file, line, reason, value }) => `  ${file}, line ${line}: ${t(`occupations.reason.${reason}`, { value })}`)
  const more = count > mostShown ? [`  … and ${count - mostShown} more; --json has the first thousand.`] : []
  return [`${count} rows refused; the rest was taken in:`, ...shown, ...more]
}

function counted({ added, changed, unchanged }: { added: number; changed: number; unchanged: number }): string {
  return `${added} added, ${changed} changed, ${unchanged} unchanged`
}
