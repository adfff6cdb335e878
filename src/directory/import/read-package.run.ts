// The first half of an import: every row is read, checked and laid aside by organisation. Nothing is written yet.

import { checkRow, fieldOf } from './check-row.ts'
import { gatherFindings, type Findings } from './findings.ts'
import type { DirectoryReader } from './layout.reader.ts'
import { loose, nobody, trackOwners, type Owners } from './owners.ts'
import { shortened, type RowProblem, type SourceRow } from './row.ts'
import type { Spill } from './spill.files.ts'

export interface Intake {
  readonly owners: Owners
  readonly findings: Findings
  readonly lines: number
}

/** Throws FileRefused when a file cannot be read; findings about single rows are gathered. */
export async function readPackage(
  reader: DirectoryReader,
  spill: Spill,
  onProgress: (lines: number) => Promise<void>,
): Promise<Intake> {
  const owners = trackOwners({ repeats: reader.repeats })
  const findings = gatherFindings()
  // Documents of one list may name organisations that are described in the next.
  if (reader.repeats) {
    for await (const { values } of reader.organizations()) {
      if (values['id'] !== undefined) owners.know(values['id'], values['name'] ?? '')
    }
  }
  let lines = 0
  let last: SourceRow | null = null
  for await (const row of reader.rows()) {
    takeIn(withPlainIds(row), { owners, findings, spill })
    // One record of the Ohana layout makes several rows.
    const isNext = reader.repeats || last === null || last.line !== row.line || last.file !== row.file
    last = row
    if (isNext && ++lines % 5000 === 0) await onProgress(lines)
  }
  for (const { owner, row } of owners.missingLocations()) {
    const field = fieldOf(row, 'location_id')
    const problem = { field, reason: 'no_such_row', value: shortened(row.values['location_id'] ?? '') } as const
    tell(row, owner, [problem], { owners, findings })
  }
  for (const file of reader.strangeFiles) {
    findings.notice({
      organization: null,
      organizationName: null,
      file,
      line: 1,
      field: '',
      reason: 'file_not_read',
      value: '',
    })
  }
  await spill.finish()
  return { owners, findings, lines }
}

interface Taking {
  readonly owners: Owners
  readonly findings: Findings
  readonly spill: Spill
}

function takeIn(row: SourceRow, taking: Taking): void {
  const { owners, findings, spill } = taking
  const check = checkRow(row)
  const settled = owners.settle(row, check.problems.length > 0)
  const fields = new Set(check.problems.map((problem) => problem.field))
  const problems = [...check.problems, ...settled.problems.filter((problem) => !fields.has(problem.field))]
  if (problems.length > 0) {
    tell(row, settled.owner, problems, taking)
    if (settled.rival !== undefined) tell(row, settled.rival, settled.problems, taking)
    return
  }
  for (const problem of check.notices) findings.notice(found(row, settled.owner, problem, owners))
  if (settled.owner === nobody) return
  const { table, values, file, line } = row
  spill.add({ owner: settled.owner, table, values, file, line, about: settled.about })
}

/** Refuses the row's organisation; a row that hangs on none is refused alone. */
function tell(
  row: SourceRow,
  owner: number,
  problems: readonly RowProblem[],
  { owners, findings }: Omit<Taking, 'spill'>,
): void {
  const whom = owner === loose ? nobody : owner
  for (const problem of problems) findings.refuse(whom, found(row, owner, problem, owners))
}

function found(row: SourceRow, owner: number, problem: RowProblem, owners: Owners) {
  const { field, reason, value } = problem
  return {
    organization: owners.idOf(owner),
    organizationName: owners.nameOf(owner),
    file: row.file,
    line: row.lineOf?.(field) ?? row.line,
    field,
    reason,
    value,
  }
}

/** UUIDs are the same in either case: all ids are compared in lower case where they are UUIDs. */
function withPlainIds(row: SourceRow): SourceRow {
  for (const name of Object.keys(row.values)) {
    const value = row.values[name]
    if (value !== undefined && (name === 'id' || name.endsWith('_id')) && uuid.test(value))
      row.values[name] = value.toLowerCase()
  }
  return row
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
