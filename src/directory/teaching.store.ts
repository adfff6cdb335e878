// Services that teach, by the words in which they speak of themselves: what may close a gap in somebody's skills.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { ServiceId } from '#platform/ids.ts'
import { isServiceType, type ServiceType } from './service-type.ts'

/** Types whose services teach something; of the others (childcare, legal advice, …) a word alone says nothing. */
const teachingTypes: readonly ServiceType[] = [
  ...(['language_training', 'vocational_training', 'basic_skills', 'digital_skills', 'bridging'] as const),
  ...(['work_experience', 'supported_employment', 'self_employment_support'] as const),
]

export interface TeachingService {
  readonly id: ServiceId
  readonly name: string
  readonly organizationName: string
  readonly serviceType: ServiceType
  /** Name, keywords and description, in which its words stand. */
  readonly text: string
}

/** More than these nobody looks at for one list of gaps. */
const mostServices = 300

/** Services that take people and teach, with a word that begins with one of these, or of one of these types; those with most of
 *  the words first. Whether a word is meant is the caller's to judge. Reads the network's services through once. */
export async function servicesThatTeach(
  db: Db,
  beginnings: readonly string[],
  types: readonly ServiceType[] = [],
): Promise<readonly TeachingService[]> {
  const words = [...new Set(beginnings)].filter((word) => /^[\p{L}\p{N}]+$/u.test(word))
  if (words.length + types.length === 0) return []
  const query = sql`to_tsquery('simple', ${words.map((word) => `${word}:*`).join(' | ')})`
  const { rows } = await sql<{
    id: ServiceId
    name: string
    organization_name: string
    service_type: string | null
    text: string
  }>`
    SELECT s.id, s.name, s.organization_name, s.service_type,
      s.name || ' ' || coalesce(s.alternate_name, '') || ' ' || s.keywords || ' ' || coalesce(s.description, '') AS text
    FROM services s
    WHERE s.status = 'active' AND s.gone_since IS NULL AND s.service_type IN (${sql.join([...teachingTypes])})
      AND (s.search @@ ${query} OR s.service_type = ANY(${[...types]}::text[]))
    ORDER BY ts_rank(s.search, ${query}) DESC, s.name, s.id LIMIT ${mostServices}`.execute(db)
  return rows.flatMap(({ organization_name, service_type, ...row }) =>
    isServiceType(service_type) ? [{ ...row, organizationName: organization_name, serviceType: service_type }] : [],
  )
}
