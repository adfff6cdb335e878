// Past episodes from elsewhere: kept once a row of their source.

import { newId, type NetworkId } from '#platform/ids.ts'
import type { Db } from '#platform/db/index.ts'
import type { MappedEpisode } from './mapping.ts'

export interface SourceRow {
  readonly sourceKey: string
  readonly contentHash: string
  readonly episode: MappedEpisode
}

export interface Kept {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

/** Keeps a batch: new keys are added, known ones brought up to date. The keys of a batch differ from one another. */
export async function keepEpisodes(
  db: Db,
  { networkId, source, now }: { networkId: NetworkId; source: string; now: Date },
  rows: readonly SourceRow[],
): Promise<Kept> {
  if (rows.length === 0) return { added: 0, changed: 0, unchanged: 0 }
  const found = await db
    .selectFrom('evidence_episodes')
    .select(['id', 'source_key', 'content_hash'])
    .where('source', '=', source)
    .where(
      'source_key',
      'in',
      rows.map((row) => row.sourceKey),
    )
    .execute()
  const known = new Map(found.map((row) => [row.source_key, row]))
  const added = rows.filter((row) => !known.has(row.sourceKey))
  const changed = rows.filter((row) => {
    const before = known.get(row.sourceKey)
    return before !== undefined && before.content_hash !== row.contentHash
  })
  if (added.length > 0) {
    const values = added.map((row) => ({
      network_id: networkId,
      id: newId<'episode'>(now.getTime()),
      source,
      source_key: row.sourceKey,
      ...columnsOf(row, now),
    }))
    await db.insertInto('evidence_episodes').values(values).execute()
  }
  for (const row of changed) {
    await db
      .updateTable('evidence_episodes')
      .set(columnsOf(row, now))
      .where('id', '=', known.get(row.sourceKey)!.id)
      .execute()
  }
  return { added: added.length, changed: changed.length, unchanged: rows.length - added.length - changed.length }
}

function columnsOf({ contentHash, episode }: SourceRow, now: Date) {
  return {
    content_hash: contentHash,
    started_on: episode.startedOn,
    facts: JSON.stringify(episode.facts),
    taken: episode.taken,
    provider: episode.provider,
    working_at_180: episode.workingAt180,
    working_at_365: episode.workingAt365,
    earnings_at_365_cents: episode.earningsAt365Cents,
    imported_at: now,
  }
}
