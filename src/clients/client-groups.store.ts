// What the figures may group people by: language and age as the file knows them, and what was told freely. For jobs, which
// count and keep no row of a person; never for a page.

import { sql } from 'kysely'
import { parseDay, type CalendarDay } from '#platform/dates.ts'
import type { Db } from '#platform/db/index.ts'
import type { ClientId } from '#platform/ids.ts'

export interface GroupFacts {
  readonly language: string | null
  readonly birthDate: CalendarDay | null
  readonly sex: string | null
  readonly bornAbroad: string | null
  readonly disability: string | null
}

/** Every file's facts by its id, in one query; a merged file's are those of the file that it proved to be, filled up by its own. What
 *  was taken back is not told. */
export async function groupFactsOfAll(db: Db): Promise<ReadonlyMap<ClientId, GroupFacts>> {
  const { rows } = await sql<Row>`
    WITH latest AS (
      SELECT DISTINCT ON (client_id, kind) client_id, kind, value
      FROM client_disclosures ORDER BY client_id, kind, told_at DESC, id DESC
    ), told AS (
      SELECT client_id, max(value) FILTER (WHERE kind = 'sex') AS sex,
        max(value) FILTER (WHERE kind = 'born_abroad') AS born_abroad,
        max(value) FILTER (WHERE kind = 'disability') AS disability
      FROM latest GROUP BY client_id
    )
    SELECT clients.id, clients.merged_into, clients.language, clients.birth_date, told.sex, told.born_abroad, told.disability
    FROM clients LEFT JOIN told ON told.client_id = clients.id`.execute(db)
  const own = new Map(rows.map((row) => [row.id, row]))
  return new Map(rows.map((row) => [row.id, factsOf(row, own)]))
}

interface Row {
  readonly id: ClientId
  readonly merged_into: ClientId | null
  readonly language: string | null
  readonly birth_date: string | null
  readonly sex: string | null
  readonly born_abroad: string | null
  readonly disability: string | null
}

function factsOf(row: Row, own: ReadonlyMap<ClientId, Row>): GroupFacts {
  const facts = {
    language: row.language,
    birthDate: parseDay(row.birth_date),
    sex: row.sex,
    bornAbroad: row.born_abroad,
    disability: row.disability,
  }
  const survivor = row.merged_into && own.get(row.merged_into)
  if (!survivor) return facts
  const now = factsOf(survivor, own)
  return {
    language: now.language ?? facts.language,
    birthDate: now.birthDate ?? facts.birthDate,
    sex: now.sex ?? facts.sex,
    bornAbroad: now.bornAbroad ?? facts.bornAbroad,
    disability: now.disability ?? facts.disability,
  }
}
