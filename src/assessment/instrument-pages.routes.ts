// Reading one instrument: what it is, as it will look, what of it is translated, what a version changed. Nothing is saved.

import { z } from 'zod'
import { idOf, notFound, page, type Routes } from '#platform/http/index.ts'
import type { Db } from '#platform/db/index.ts'
import type { InstrumentId } from './assessment.ts'
import { listInstruments, type StoredInstrument } from './instruments.store.ts'
import { changesPage } from './pages/changes.page.ts'
import { instrumentPage } from './pages/instrument.page.ts'
import { previewPage } from './pages/preview.page.ts'
import { translationsPage } from './pages/translations.page.ts'

const params = z.object({ id: idOf<'instrument'>() })
const reader = { roles: ['adviser', 'manager', 'administrator'], params } as const

export function instrumentPagesRoutes(routes: Routes): void {
  routes.staff('GET', '/instruments/:id', reader, async (scene, { params: { id } }) => {
    const { stored, versions } = await versionsOf(scene.db, id)
    return page('assessment/pages/instrument.njk', instrumentPage(scene, stored, versions))
  })

  const look = z.object({ part: z.string().optional(), language: z.string().optional(), all: z.string().optional() })
  routes.staff(
    'GET',
    '/instruments/:id/preview',
    { ...reader, query: look },
    async (scene, { params: { id }, query }) => {
      const { stored } = await versionsOf(scene.db, id)
      return page('assessment/pages/preview.njk', previewPage(scene, stored, query))
    },
  )

  const inLanguage = z.object({ language: z.string().optional() })
  routes.staff(
    'GET',
    '/instruments/:id/translations',
    { ...reader, query: inLanguage },
    async (scene, { params: { id }, query: { language } }) => {
      const { stored } = await versionsOf(scene.db, id)
      return page('assessment/pages/translations.njk', translationsPage(scene, stored, language ?? ''))
    },
  )

  const against = z.object({ with: idOf<'instrument'>().optional() })
  routes.staff(
    'GET',
    '/instruments/:id/changes',
    { ...reader, query: against },
    async (scene, { params: { id }, query }) => {
      const { stored, versions } = await versionsOf(scene.db, id)
      const others = versions.filter((one) => one.id !== id)
      const asked = others.find((one) => one.id === query.with)
      if (query.with && !asked) return notFound()
      // Without a wish, the version that came in just before this one.
      const before = asked ?? others.find(({ addedAt }) => addedAt <= stored.addedAt) ?? others[0]
      return page('assessment/pages/changes.njk', changesPage(scene, stored, { before: before ?? null, others }))
    },
  )
}

/** The instrument and all its versions, the latest first. */
async function versionsOf(
  db: Db,
  id: InstrumentId,
): Promise<{ stored: StoredInstrument; versions: readonly StoredInstrument[] }> {
  const all = await listInstruments(db)
  const stored = all.find((one) => one.id === id) ?? notFound()
  const versions = all
    .filter(({ instrument }) => instrument.url === stored.instrument.url)
    .toSorted((a, b) => b.addedAt.getTime() - a.addedAt.getTime())
  return { stored, versions }
}
