// To which organisation each row belongs: found by what it refers to, as the rows come in.

import { tableCalled, tableNames, tables, type TableName } from '../hsds.ts'
import { fieldOf } from './check-row.ts'
import { shortened, type RowProblem, type SourceRow } from './row.ts'

/** The number of an organisation, from 1; or one of the two below. */
export type Owner = number

/** The row hangs on no organisation and need not (a taxonomy term). */
export const loose: Owner = 0

/** The row hangs on something that is refused or is not there. */
export const nobody: Owner = -1

export interface Settled {
  readonly owner: Owner
  readonly problems: readonly RowProblem[]
  /** Of attributes and metadata: the table of the row that they are about. */
  readonly about?: TableName | undefined
  /** The other organisation that uses this row's id for a row of its own: nobody can say which of them is right. */
  readonly rival?: Owner | undefined
}

export interface Owners {
  /** Makes an organisation known; gives its number. */
  know(id: string, name: string): Owner
  /**
   * Finds the row's organisation, remembers the row's id, and tells dangling references and doubled ids. `isRefused` says
   * that the row is refused whatever is found here. Rows must come after those that they refer to.
   */
  settle(row: SourceRow, isRefused: boolean): Settled
  /** Locations that services named and that never came. Asked once, when all rows are in. */
  missingLocations(): { owner: Owner; row: SourceRow }[]
  idOf(owner: Owner): string | null
  nameOf(owner: Owner): string | null
  /** Organisations that have a row of their own. */
  described(): readonly Owner[]
}

// Which reference tells the organisation: the closest first. A phone of a service is its organisation's, whatever else it
// is a phone of.
const closest = ['service_id', 'service_at_location_id', 'contact_id', 'phone_id', 'location_id', 'organization_id']

/** `repeats`: one thing may be described several times (nested documents), so an id that comes again is no fault. */
export function trackOwners({ repeats }: { repeats: boolean }): Owners {
  const seen = Object.fromEntries(tableNames.map((name) => [name, new Map<string, Owner>()])) as Record<
    TableName,
    Map<string, Owner>
  >
  const organizations: { id: string; name: string | null }[] = [{ id: '', name: null }]
  const described = new Set<Owner>()
  const usedBy = new Map<string, Owner>()
  const awaited = new Map<string, { owner: Owner; row: SourceRow }[]>()

  function know(id: string, name: string): Owner {
    const known = seen.organization.get(id)
    const owner = known ?? organizations.push({ id, name: null }) - 1
    organizations[owner] = { id, name }
    described.add(owner)
    seen.organization.set(id, owner)
    return owner
  }

  /** An organisation that rows name and that no file describes: they are refused together, under its id. */
  function phantom(id: string): Owner {
    const owner = organizations.push({ id, name: null }) - 1
    seen.organization.set(id, owner)
    return owner
  }

  function settle(row: SourceRow, isRefused: boolean): Settled {
    const id = row.values['id']
    if (row.table === 'organization') return settleOrganization(row, id)
    const found = row.table === 'attribute' || row.table === 'metadata' ? settleAbout(row) : settleByReferences(row)
    const problems = [...found.problems]
    let rival: Owner | undefined
    if (id !== undefined) {
      const earlier = seen[row.table].get(id)
      if (earlier !== undefined && !repeats) {
        problems.push({ field: fieldOf(row, 'id'), reason: 'duplicate_id', value: shortened(id) })
        if (earlier !== found.owner) rival = earlier
      }
      const isLost = isRefused && found.owner === loose
      if (earlier === undefined) seen[row.table].set(id, isLost ? nobody : found.owner)
      else if (repeats && earlier !== found.owner && earlier > loose) return { ...found, owner: earlier, problems }
    }
    return { ...found, problems, rival }
  }

  function settleOrganization(row: SourceRow, id: string | undefined): Settled {
    if (id === undefined) return { owner: nobody, problems: [] }
    const earlier = seen.organization.get(id)
    const isDoubled = earlier !== undefined && described.has(earlier) && !repeats
    const owner = know(id, row.values['name'] ?? (earlier === undefined ? '' : (organizations[earlier]?.name ?? '')))
    if (!isDoubled) return { owner, problems: [] }
    return { owner, problems: [{ field: fieldOf(row, 'id'), reason: 'duplicate_id', value: shortened(id) }] }
  }

  function settleByReferences(row: SourceRow): Settled {
    const problems: RowProblem[] = []
    const found = new Map<string, Owner>()
    for (const { name, refersTo } of tables[row.table].columns) {
      const value = row.values[name]
      if (refersTo === undefined || value === undefined) continue
      if (row.table === 'service_at_location' && name === 'location_id') continue
      const owner = seen[refersTo].get(value)
      const isThere = owner !== undefined && (refersTo !== 'organization' || described.has(owner))
      if (!isThere) problems.push({ field: fieldOf(row, name), reason: 'no_such_row', value: shortened(value) })
      if (owner !== undefined) found.set(name, owner)
      else if (refersTo === 'organization') found.set(name, phantom(value))
    }
    const owners = closest.flatMap((name) => found.get(name) ?? [])
    const owner = owners.find((candidate) => candidate > loose) ?? owners[0] ?? (problems.length > 0 ? nobody : loose)
    if (row.table === 'service_at_location') awaitLocation(row, owner)
    if (row.table === 'location') return settleLocation(row, owner, problems)
    // A service or a program of no organisation is told by its required column.
    return { owner, problems }
  }

  function awaitLocation(row: SourceRow, owner: Owner): void {
    const place = row.values['location_id']
    if (place === undefined) return
    if (!usedBy.has(place)) usedBy.set(place, owner)
    const known = seen.location.get(place)
    if (known === undefined)
      awaited.set(place, [...(awaited.get(place) ?? []), { owner, row: { ...row, values: { location_id: place } } }])
  }

  /** A location without an organisation belongs to the first one that gives a service there. */
  function settleLocation(row: SourceRow, owner: Owner, problems: readonly RowProblem[]): Settled {
    const id = row.values['id']
    if (id !== undefined) awaited.delete(id)
    const user = id === undefined ? undefined : usedBy.get(id)
    return { owner: owner === loose && user !== undefined ? user : owner, problems }
  }

  function settleAbout(row: SourceRow): Settled {
    const column = row.table === 'attribute' ? 'link_id' : 'resource_id'
    const named = tableCalled(row.values[row.table === 'attribute' ? 'link_entity' : 'resource_type'] ?? '')
    const value = row.values[column] ?? ''
    const about = [...(named === null ? [] : [named]), ...tableNames].find((table) => seen[table].has(value))
    const term = row.values['taxonomy_term_id']
    const problems: RowProblem[] = []
    if (about === undefined && row.table === 'attribute' && value !== '') {
      problems.push({ field: fieldOf(row, column), reason: 'no_such_row', value: shortened(value) })
    }
    if (row.table === 'attribute' && term !== undefined && (seen.taxonomy_term.get(term) ?? nobody) === nobody) {
      problems.push({ field: fieldOf(row, 'taxonomy_term_id'), reason: 'no_such_row', value: shortened(term) })
    }
    // Metadata may tell of what has been deleted since: it hangs on nothing then.
    if (about === undefined) return { owner: row.table === 'metadata' ? loose : nobody, problems }
    return { owner: seen[about].get(value) ?? nobody, problems, about }
  }

  return {
    know,
    settle,
    missingLocations: () => [...awaited.values()].flat(),
    idOf: (owner) => organizations[owner]?.id || null,
    nameOf: (owner) => organizations[owner]?.name || null,
    described: () => [...described],
  }
}
