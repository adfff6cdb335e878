// `import directory|instrument|episodes|wages` and `export directory`: data in and out, each with a true report.

import fs from 'node:fs'
import path from 'node:path'
import { importInstrument, refusalRow } from '#assessment/index.ts'
import { exportDirectory, importDirectory } from '#directory/index.ts'
import { importEpisodes } from '#evidence/index.ts'
import { importWageRecords, wageMapping } from '#outcomes/index.ts'
import { inScope, type Db } from '#platform/db/index.ts'
import { workIn } from '#platform/http/work.ts'
import { RefusedInput, WrongUse, type Command, type Invocation } from './command.ts'
import { englishWords, inNetwork, networkOption, withNetwork } from './runtime.ts'

const mostShown = 50
const mappingOption = { mapping: { type: 'string', about: 'a JSON file that says what each column means' } } as const

export const importDirectoryCommand: Command = {
  usage: '<folder, zip or JSON file> [--source name] [--network …]',
  positionals: ['<path>'],
  options: {
    source: { type: 'string', about: 'what this directory is called, so that the next import is its next version' },
    ...networkOption,
  },
  run: (invocation) =>
    withNetwork(invocation, async ({ kysely }, network) => {
      const told = everySecond(invocation)
      const transact = <T>(work: (db: Db) => Promise<T>) =>
        inScope(kysely, { role: 'job', networkId: network.id }, work)
      const done = await importDirectory({
        ...{ transact, network, path: pathOf(invocation), source: invocation.option('source'), now: new Date() },
        onProgress: async ({ stage, lines, organizationsDone, organizationsTotal }) =>
          told(
            `${stage}: ${lines} lines${organizationsTotal === null ? '' : `, ${organizationsDone} of ${organizationsTotal} organisations`}`,
          ),
      })
      const { t } = englishWords()
      if (!done.ok) {
        const { file, line, reason, value } = done.problem
        throw new RefusedInput(
          `${placeOf(file, line)}${t(`directory.import.file_problem.${reason}`, { value })} Nothing was imported.`,
        )
      }
      const report = done.value
      const findingLine = ({ organization, file, line, field, reason, value }: (typeof report.refusals)[number]) =>
        `  ${placeOf(file, line)}${field ? `${field}: ` : ''}${t(`directory.import.reason.${reason}`, { value })}${organization ? ` (organisation ${organization})` : ''}`
      const shown = report.refusals.slice(0, mostShown).map(findingLine)
      const lines = [
        `${report.lines} lines of ${report.source} (${report.layout}).`,
        `Organisations: ${report.added} added, ${report.changed} changed, ${report.unchanged} unchanged, ${report.gone} gone, ${report.refused} refused.`,
        `Services: ${report.services.added} added, ${report.services.changed} changed, ${report.services.unchanged} unchanged, ${report.services.gone} gone.`,
        ...(report.refusals.length > 0 ? ['Refused:', ...shown] : []),
        ...moreThanShown(report.refusals.length + report.refusalsNotListed),
        ...(report.notices.length > 0
          ? ['Taken in all the same, but look at:', ...report.notices.slice(0, mostShown).map(findingLine)]
          : []),
      ]
      return { exit: report.refused > 0 ? 1 : 0, document: report, lines }
    }),
}

export const importInstrumentCommand: Command = {
  usage: '<JSON file> [--network …]',
  positionals: ['<path>'],
  options: networkOption,
  run: (invocation) =>
    inNetwork(invocation, async (db, network) => {
      const text = await fs.promises.readFile(pathOf(invocation), 'utf8')
      const done = await importInstrument(db, { networkId: network.id, addedBy: null, now: new Date() }, text)
      if (!done.ok)
        return {
          exit: 1,
          document: { refused: done.problem },
          lines: [
            'Refused, and nothing was taken in:',
            ...done.problem.map((problem) => {
              const { linkId, type, words } = refusalRow(englishWords(), problem)
              return `  ${[linkId, type].filter(Boolean).join(', ')}${linkId ? ': ' : ''}${words}`
            }),
          ],
        }
      const { title, version, outcome } = done.value
      return {
        exit: 0,
        document: done.value,
        lines: [`${title}, version ${version}: ${outcome === 'added' ? 'added' : 'was there already'}.`],
      }
    }),
}

export const importEpisodesCommand: Command = {
  usage: '<CSV file> --mapping <JSON file> [--network …]',
  positionals: ['<path>'],
  options: { ...mappingOption, ...networkOption },
  run: (invocation) =>
    inNetwork(invocation, async (db, network) => {
      const told = everySecond(invocation)
      const mapping = readMapping(invocation)
      const onProgress = (lines: number) => told(`${lines} lines`)
      const done = await importEpisodes(db, {
        networkId: network.id,
        path: pathOf(invocation),
        mapping,
        now: new Date(),
        onProgress,
      })
      if (!done.ok) throw new RefusedInput(`${done.problem} Nothing was imported.`)
      const { lines, added, changed, unchanged, refusedCount, refused } = done.value
      const shown = refused
        .slice(0, mostShown)
        .map(({ line, column, reason }) => `  line ${line}: ${column}: ${reason}`)
      return {
        exit: refusedCount > 0 ? 1 : 0,
        document: done.value,
        lines: [
          `${lines} lines: ${added} added, ${changed} changed, ${unchanged} unchanged, ${refusedCount} refused.`,
          ...shown,
          ...moreThanShown(refusedCount),
        ],
      }
    }),
}

export const importWagesCommand: Command = {
  usage: '<CSV file> --mapping <JSON file> [--network …]',
  positionals: ['<path>'],
  options: { ...mappingOption, ...networkOption },
  run: (invocation) =>
    inNetwork(invocation, async (db, network) => {
      const mapping = wageMapping.safeParse(readMapping(invocation))
      if (!mapping.success)
        throw new RefusedInput(`The mapping is wrong at ${mapping.error.issues[0]?.path.join('.') || 'its top'}.`)
      const tools = { queue: { send: async () => undefined }, now: () => new Date(), sendsMail: false }
      const work = workIn(db, network, () => ({ kind: 'job', id: null }), tools)
      const done = await importWageRecords(work, pathOf(invocation), mapping.data)
      if (!done.ok)
        throw new RefusedInput(`The file is refused: ${JSON.stringify(done.problem)}. Nothing was imported.`)
      const { lines, added, changed, unchanged, refused } = done.value
      const shown = refused.slice(0, mostShown).map(({ line, problem }) => `  line ${line}: ${JSON.stringify(problem)}`)
      return {
        exit: refused.length > 0 ? 1 : 0,
        document: done.value,
        lines: [
          `${lines} lines: ${added} added, ${changed} changed, ${unchanged} unchanged, ${refused.length} refused.`,
          ...shown,
          ...moreThanShown(refused.length),
        ],
      }
    }),
}

export const exportDirectoryCommand: Command = {
  usage: '<new or empty folder> [--network …]',
  positionals: ['<path>'],
  options: networkOption,
  run: (invocation) =>
    inNetwork(invocation, async (db) => {
      const done = await exportDirectory(db, pathOf(invocation))
      if (!done.ok)
        throw new RefusedInput(
          done.problem === 'not_empty'
            ? 'There is something at that path already.'
            : 'Nothing can be written at that path.',
        )
      const files = Object.entries(done.value.files).map(([name, rows]) => `  ${name}: ${rows} rows`)
      return { exit: 0, document: done.value, lines: [`Written to ${done.value.path}:`, ...files] }
    }),
}

function pathOf({ positionals }: Invocation): string {
  return path.resolve(String(positionals[0]))
}

function readMapping(invocation: Invocation): unknown {
  const file = invocation.required('mapping')
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    throw new WrongUse(error instanceof SyntaxError ? `${file} is no JSON.` : `${file} cannot be read.`)
  }
}

function placeOf(file: string, line: number | null): string {
  return line === null ? `${file}: ` : `${file}, line ${line}: `
}

function moreThanShown(count: number): string[] {
  return count > mostShown ? [`  … and ${count - mostShown} more; --json has them.`] : []
}

/** Says how far it is, at most once a second. */
function everySecond({ progress }: Invocation): (words: string) => void {
  let last = Date.now()
  return (words) => {
    if (Date.now() - last < 1000) return
    last = Date.now()
    progress(words)
  }
}
