// `import findings`: what studies elsewhere found of each type of help, with a true report.

import path from 'node:path'
import { importFindings, type FindingsProblem } from '#matching/index.ts'
import { RefusedInput, type Command, type Outcome } from './command.ts'
import { englishWords, inNetwork, networkOption } from './runtime.ts'

// messages: matching.findings.file_problem.*
// messages: matching.findings.reason.*

const mostShown = 50

export const importFindingsCommand: Command = {
  usage: '<CSV file> [--network …]',
  positionals: ['<path>'],
  options: networkOption,
  run: (invocation) =>
    inNetwork(invocation, async (db, network): Promise<Outcome> => {
      const file = path.resolve(String(invocation.positionals[0]))
      const done = await importFindings(db, { networkId: network.id, path: file, now: new Date() })
      if (!done.ok) return refusedOutcome(path.basename(file), done.problem)
      const { rows, added, changed, unchanged, gone } = done.value
      return {
        exit: 0,
        document: done.value,
        lines: [
          `Findings: ${rows} in the file, ${added} added, ${changed} changed, ${unchanged} unchanged, ${gone} gone.`,
        ],
      }
    }),
}

function refusedOutcome(file: string, problem: FindingsProblem): Outcome {
  const { t } = englishWords()
  if (problem.reason !== 'rows_refused') {
    const { reason, line, value } = problem
    const place = line === null ? file : `${file}, line ${line}`
    throw new RefusedInput(
      `${place}: ${t(`matching.findings.file_problem.${reason}`, { value })} Nothing was imported.`,
    )
  }
  const { refused } = problem
  const shown = refused.slice(0, mostShown).map(({ line, column, reason, value }) => {
    const about = column === null ? '' : `${column}: `
    return `  ${file}, line ${line}: ${about}${t(`matching.findings.reason.${reason}`, { value })}`
  })
  const more = refused.length > mostShown ? [`  … and ${refused.length - mostShown} more; --json has them.`] : []
  return {
    exit: 1,
    document: { refused },
    lines: [`Rows refused: ${refused.length}. Nothing was imported.`, ...shown, ...more],
  }
}
