// Finding an occupation by what people call it, in any language that was imported.
// Every condition is an equality or a range of text, because row-level security lets only those use an index.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import type { OccupationId } from './occupation.ts'
import { namedOccupations } from './occupations.store.ts'
import type { Occupation } from './occupation.ts'
import { closeWords, likelyBeginnings, typedWords } from './word.ts'

export interface FoundOccupation extends Occupation {
  /** The label that was found, where it is another than the name shown. */
  readonly foundAs: { readonly label: string; readonly language: string } | null
}

export interface Found {
  readonly occupations: readonly FoundOccupation[]
  /** No label has all the words as they were typed: these have nearly such words, or some of them. */
  readonly isNearly: boolean
}

/** A word in the ways in which it may stand in a label: as beginning, or as exactly one of these words. */
interface Sought {
  readonly word: string
  readonly isBeginning: boolean
  readonly words: readonly string[]
}

interface Hit {
  readonly occupation_id: OccupationId
  readonly language: string
  readonly position: number
  readonly label: string
  readonly hits: number
}

const highest = '\u{10FFFF}'
/** One occupation may be hit by many labels in many languages; this many hold enough different ones. */
const mostHits = 300

/** With fewer occupations than this, what the person means may not be among them. */
const fewToChooseFrom = 4

/** Occupations by any label in any imported language, the best first: with all words before those with some, whole words before
 *  beginnings, short labels before long ones; where only some words are found, labels without other words go first. `wished`: languages to show them in, most wanted first. Occupations of the list
 *  that comes with Waypost are left out where an imported source says what skills its occupations need. */
export async function searchOccupations(
  db: Db,
  text: string,
  { wished, most = 12 }: { readonly wished: readonly string[]; readonly most?: number },
): Promise<Found> {
  const words = typedWords(text)
  if (words.length === 0) return { occupations: [], isNearly: false }
  const sought: Sought[] = []
  for (const word of words) sought.push(await waysOf(db, word))
  const hits = await hitsOf(db, sought, await searchedSources(db))
  const best = hits[0]?.hits ?? 0
  const chosen = bestHits(hits, best).slice(0, most)
  const named = await namedOccupations(
    db,
    chosen.map((hit) => hit.occupation_id),
    wished,
  )
  return {
    occupations: chosen.flatMap((hit) => {
      const occupation = named.get(hit.occupation_id)
      if (!occupation) return []
      const isName = hit.label.toLowerCase() === occupation.name.toLowerCase()
      return [{ ...occupation, foundAs: isName ? null : { label: hit.label, language: hit.language } }]
    }),
    isNearly: chosen.length > 0 && (best < words.length || sought.some(({ isBeginning }) => !isBeginning)),
  }
}

/** Each occupation once, by its best label: those with most of the words, and where these are few, those with one word less. */
function bestHits(hits: readonly Hit[], best: number): readonly Hit[] {
  const first = new Map<OccupationId, Hit>()
  for (const hit of hits) {
    const isNear = hit.hits === best || (hit.hits === best - 1 && first.size < fewToChooseFrom)
    if (isNear && !first.has(hit.occupation_id)) first.set(hit.occupation_id, hit)
  }
  return [...first.values()]
}

/** As it was typed where any label has such a beginning; else as words that it may be a slip of; else by its stem. */
async function waysOf(db: Db, word: string): Promise<Sought> {
  if (await hasBeginning(db, word)) return { word, isBeginning: true, words: [] }
  for (const beginnings of [likelyBeginnings(word), [word.slice(0, 1)]]) {
    const close = closeWords(word, await wordsBeginning(db, beginnings))
    if (close.length > 0) return { word, isBeginning: false, words: close }
  }
  // Cooked, cooking: what is left of a word without its ending finds the trade.
  const stem = word.slice(0, Math.max(4, word.length - 3))
  if (stem.length >= word.length || !(await hasBeginning(db, stem))) return { word, isBeginning: false, words: [] }
  return { word, isBeginning: false, words: await wordsBeginning(db, [stem]) }
}

async function hasBeginning(db: Db, word: string): Promise<boolean> {
  const found = await db
    .selectFrom('occupation_words')
    .select('word')
    .where('word', '>=', word)
    .where('word', '<', `${word}${highest}`)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

async function wordsBeginning(db: Db, beginnings: readonly string[]): Promise<readonly string[]> {
  if (beginnings.length === 0) return []
  const ranges = beginnings.map(
    (beginning) =>
      sql`SELECT word FROM occupation_words WHERE word >= ${beginning} AND word < ${`${beginning}${highest}`}`,
  )
  const { rows } = await sql<{ word: string }>`
    SELECT DISTINCT word FROM (${sql.join(ranges, sql` UNION ALL `)}) AS known`.execute(db)
  return rows.map(({ word }) => word)
}

async function hitsOf(db: Db, sought: readonly Sought[], searched: readonly string[]): Promise<readonly Hit[]> {
  const each = sought.flatMap(({ word, isBeginning, words }, i) => {
    const columns = sql`network_id, occupation_id, language, position, word_count, ${sql.lit(i)} AS i`
    if (isBeginning)
      return [
        sql`SELECT ${columns}, CASE WHEN word = ${word} THEN 3 ELSE 2 END AS points FROM occupation_words
            WHERE word >= ${word} AND word < ${`${word}${highest}`}`,
      ]
    if (words.length === 0) return []
    return [sql`SELECT ${columns}, 1 AS points FROM occupation_words WHERE word IN (${sql.join(words)})`]
  })
  if (each.length === 0 || searched.length === 0) return []
  const { rows } = await sql<Hit>`
    SELECT l.occupation_id, l.language, l.position, l.label, h.hits::int AS hits
    FROM (
      SELECT network_id, occupation_id, language, position, word_count, count(*) AS hits, sum(points) AS points
      FROM (
        SELECT network_id, occupation_id, language, position, word_count, i, max(points) AS points
        FROM (${sql.join(each, sql` UNION ALL `)}) AS word_hit
        GROUP BY network_id, occupation_id, language, position, word_count, i
      ) AS best
      GROUP BY network_id, occupation_id, language, position, word_count
      ORDER BY hits DESC, CASE WHEN count(*) < ${sought.length} THEN word_count END, points DESC, word_count, position,
        occupation_id, language
      LIMIT ${mostHits}
    ) AS h
    JOIN occupation_labels l USING (network_id, occupation_id, language, position)
    JOIN occupations o ON o.network_id = l.network_id AND o.id = l.occupation_id
    JOIN occupation_sources s ON s.network_id = o.network_id AND s.source = o.source
    WHERE o.gone_at IS NULL AND o.source IN (${sql.join(searched)})
    ORDER BY h.hits DESC, CASE WHEN h.hits < ${sought.length} THEN h.word_count END, h.points DESC, h.word_count,
      s.has_skills DESC, l.position, l.label, l.occupation_id`.execute(db)
  return rows
}

/** Which sources a search looks in. */
async function searchedSources(db: Db): Promise<readonly string[]> {
  const known = await db.selectFrom('occupation_sources').select(['source', 'has_skills']).execute()
  const isReplaced = known.some(({ source, has_skills }) => source !== 'waypost' && has_skills)
  return known.map(({ source }) => source).filter((source) => source !== 'waypost' || !isReplaced)
}
