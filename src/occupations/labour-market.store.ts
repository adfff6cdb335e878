// Writing what is said of the labour market: the same again changes nothing.

import { sql } from 'kysely'
import type { Db } from '#platform/db/index.ts'
import { newId, type NetworkId } from '#platform/ids.ts'
import type { MarketEntry } from './import/labour-market.ts'
import type { Counts } from './occupations-import.store.ts'

/** Writes rows; each source, code and area once in a batch. */
export async function writeMarket(
  db: Db,
  { networkId, now }: { readonly networkId: NetworkId; readonly now: Date },
  batch: readonly MarketEntry[],
  counts: Counts,
): Promise<void> {
  const { rows } = await sql<{ is_new: boolean }>`
    INSERT INTO labour_market (network_id, id, source, as_of, scheme, code, area, growth_percent, growth_years, earnings_cents,
      earnings_per, currency, in_demand)
    SELECT ${networkId}::uuid, * FROM unnest(${batch.map(() => newId(now.getTime()))}::uuid[],
      ${batch.map(({ source }) => source)}::text[], ${batch.map(({ asOf }) => asOf)}::date[],
      ${batch.map(({ scheme }) => scheme)}::text[], ${batch.map(({ code }) => code)}::text[],
      ${batch.map(({ area }) => area)}::text[], ${batch.map((one) => one.growthPercent)}::numeric[],
      ${batch.map((one) => one.growthYears)}::smallint[], ${batch.map((one) => one.earningsCents)}::bigint[],
      ${batch.map((one) => one.earningsPer)}::text[], ${batch.map(({ currency }) => currency)}::text[],
      ${batch.map((one) => one.isInDemand)}::boolean[])
    ON CONFLICT (network_id, source, scheme, code, area) DO UPDATE SET as_of = excluded.as_of,
      growth_percent = excluded.growth_percent, growth_years = excluded.growth_years, earnings_cents = excluded.earnings_cents,
      earnings_per = excluded.earnings_per, currency = excluded.currency, in_demand = excluded.in_demand
      WHERE (labour_market.as_of, labour_market.growth_percent, labour_market.growth_years, labour_market.earnings_cents,
        labour_market.earnings_per, labour_market.currency, labour_market.in_demand)
        IS DISTINCT FROM (excluded.as_of, excluded.growth_percent, excluded.growth_years, excluded.earnings_cents,
        excluded.earnings_per, excluded.currency, excluded.in_demand)
    RETURNING (xmax = 0) AS is_new`.execute(db)
  const added = rows.filter((row) => row.is_new).length
  counts.added += added
  counts.changed += rows.length - added
  counts.unchanged += batch.length - rows.length
}

/** Takes away what a source no longer says of the areas that the file tells of. `keyOf` names a row as `seen` does. */
export async function removeMarket(
  db: Db,
  told: {
    readonly sources: ReadonlySet<string>
    readonly areas: ReadonlySet<string>
    readonly keys: ReadonlySet<string>
  },
  keyOf: (row: Pick<MarketEntry, 'source' | 'code' | 'area'>) => string,
): Promise<number> {
  if (told.keys.size === 0) return 0
  const rows = await db
    .selectFrom('labour_market')
    .select(['id', 'source', 'code', 'area'])
    .where('source', 'in', [...told.sources])
    .execute()
  const stale = rows.filter((row) => told.areas.has(row.area) && !told.keys.has(keyOf(row))).map(({ id }) => id)
  for (let at = 0; at < stale.length; at += 1000)
    await db
      .deleteFrom('labour_market')
      .where('id', 'in', stale.slice(at, at + 1000))
      .execute()
  return stale.length
}
