// Imports a directory of services: reads everything first, then writes organisation by organisation, then reports.

import type { Db } from '#platform/db/index.ts'
import type { NetworkId } from '#platform/ids.ts'
import { dayIn } from '#platform/dates.ts'
import { ok, refused, type Result } from '#platform/result.ts'
import { exchangeIdsOf } from './exchange-id.hash.ts'
import { lockImports, markLooseGone, markSourceGone, sourcesLike } from './import.store.ts'
import { readLayout, type DirectoryReader } from './layout.reader.ts'
import { openPackage } from './package.files.ts'
import { nobody } from './owners.ts'
import { readPackage, type Intake } from './read-package.run.ts'
import { FileRefused, storable, type FileProblem, type ImportReport } from './row.ts'
import { openSpill, type Spill } from './spill.files.ts'
import { writeEntries, type Transact } from './write-entries.run.ts'

export interface ImportOrder {
  /** Opens transactions in the network, as the role that imports. */
  readonly transact: Transact
  readonly network: { readonly id: NetworkId; readonly timeZone: string }
  /** A folder, a zip or a JSON file. */
  readonly path: string
  /** What this directory is called, so that a later import of it is known as its next version. Recognised when left out. */
  readonly source?: string | undefined
  readonly now: Date
  readonly onProgress?: ((progress: ImportProgress) => Promise<void>) | undefined
}

export interface ImportProgress {
  readonly stage: 'reading' | 'writing'
  readonly lines: number
  readonly organizationsDone: number
  readonly organizationsTotal: number | null
}

/**
 * Imports HSDS (CSV package or JSON) or the Ohana layout. Refused whole, before the first write, when a file cannot be
 * read; otherwise organisations with anything wrong in them are refused and the others go in (the report says which and
 * why). Importing the same again changes nothing. What the source had before and has no longer is marked gone. Memory holds
 * one part of the directory at a time and the ids of all rows (about 100 bytes each).
 */
export async function importDirectory(order: ImportOrder): Promise<Result<ImportReport, FileProblem>> {
  try {
    const found = await openPackage(order.path)
    try {
      const reader = await readLayout(found)
      const spill = await openSpill(found.files.reduce((sum, file) => sum + file.bytes, 0))
      try {
        return ok(await importRows(order, reader, { spill, packageName: found.name }))
      } finally {
        await spill.remove()
      }
    } finally {
      found.close()
    }
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.problem)
    throw error
  }
}

interface Laid {
  readonly spill: Spill
  readonly packageName: string
}

async function importRows(
  order: ImportOrder,
  reader: DirectoryReader,
  { spill, packageName }: Laid,
): Promise<ImportReport> {
  const { transact, network, now } = order
  const tell = async (progress: ImportProgress) => order.onProgress?.(progress)
  const intake = await readPackage(reader, spill, (lines) =>
    tell({ stage: 'reading', lines, organizationsDone: 0, organizationsTotal: null }),
  )
  const { lines } = intake
  const total = intake.owners.described().length
  // One transaction is held open throughout, only to keep a second import out.
  return transact(async (guard) => {
    if (!(await lockImports(guard, network.id))) {
      throw new FileRefused({ file: packageName, line: null, reason: 'import_running', value: '' })
    }
    const source = order.source ?? (await recognisedSource(guard, intake, packageName))
    const target = {
      transact,
      networkId: network.id,
      source,
      exchangeId: exchangeIdsOf(source),
      now,
      today: dayIn(network.timeZone, now),
      onProgress: (done: number) =>
        tell({ stage: 'writing', lines, organizationsDone: done, organizationsTotal: total }),
    }
    const tally = await writeEntries(spill, intake, target)
    const present = organizationsIn(intake).map(({ id }) => target.exchangeId('organization', id))
    // This commit waits for the disk, and with it all that went before.
    const gone = await transact(async (db) => {
      await markLooseGone(db, target, tally.looseIds)
      return markSourceGone(db, target, present)
    })
    return {
      layout: reader.layout,
      source,
      lines,
      ...tally.organizations,
      gone: gone.organizations,
      refused: refusedOrganizations(intake),
      services: { ...tally.services, gone: tally.services.gone + gone.services },
      locations: { ...tally.locations, gone: tally.locations.gone + gone.locations },
      ...intake.findings.shown(),
    }
  })
}

/**
 * The source of which this is the next version: the one of the package's name if it has any of these organisations, else
 * the one that has most of them. Refused when it would take away most of a source whose name nobody gave. Otherwise it is
 * a new source, called as the package.
 */
async function recognisedSource(db: Db, intake: Intake, packageName: string): Promise<string> {
  const organizations = organizationsIn(intake)
  const sources = await sourcesLike(db, organizations)
  const namesake = sources.find((known) => known.source === packageName)
  if (namesake && namesake.shared > 0) return packageName
  const [closest] = sources
  if (closest && closest.shared > 0 && closest.shared * 2 >= organizations.length) {
    if (closest.shared * 2 >= closest.total) return closest.source
    throw new FileRefused({ file: packageName, line: null, reason: 'source_unclear', value: closest.source })
  }
  for (let number = 2, name = packageName; ; name = `${packageName}-${number++}`) {
    if (!sources.some((known) => known.source === name)) return name
  }
}

function organizationsIn({ owners }: Intake): { id: string; name: string }[] {
  return owners.described().flatMap((owner) => {
    const id = owners.idOf(owner)
    return id === null ? [] : [{ id: storable(id), name: storable(owners.nameOf(owner) ?? '') }]
  })
}

/** Organisations that have a row of their own and did not go in. */
function refusedOrganizations({ owners, findings }: Intake): number {
  const described = new Set(owners.described())
  return [...findings.refusedOwners].filter((owner) => owner !== nobody && described.has(owner)).length
}
