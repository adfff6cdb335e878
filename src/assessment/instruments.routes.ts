// Pages of instruments: what can be asked, on paper too; administrators take in new ones and retire old ones.

import fs from 'node:fs/promises'
import { z } from 'zod'
import { file, idOf, notAllowed, notFound, page, redirect, type Routes } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import { findAssessment } from './assessments.store.ts'
import { languagesOf } from './instrument.ts'
import { instrumentPagesRoutes } from './instrument-pages.routes.ts'
import {
  findInstrument,
  importInstrument,
  listInstruments,
  questionnaireOf,
  retireInstrument,
} from './instruments.store.ts'
import { instrumentsPage } from './pages/instruments.page.ts'
import { paperPage } from './pages/paper.page.ts'

// Published questionnaires of hundreds of items stay far below this.
const mostBytes = 2_000_000
const template = 'assessment/pages/instruments.njk'
const ofInstrument = { params: z.object({ id: idOf<'instrument'>() }) }
const reader = { roles: ['adviser', 'manager', 'administrator'] } as const
const administrator = { roles: ['administrator'] } as const

export function instrumentRoutes(routes: Routes): void {
  instrumentPagesRoutes(routes)
  routes.staff('GET', '/instruments', reader, async (scene) =>
    page(template, instrumentsPage(scene, { instruments: await listInstruments(scene.db) })),
  )

  routes.staff(
    'POST',
    '/instruments',
    { ...administrator, upload: { maxBytes: mostBytes } },
    async (scene, { upload }) => {
      const refuse = async (key: string) => {
        const model = instrumentsPage(scene, {
          instruments: await listInstruments(scene.db),
          problems: [{ field: 'file', key }],
        })
        return page(template, model, { status: 400 })
      }
      if (!upload) return refuse('assessment.instruments.file_missing')
      if (upload.isTooLarge) return refuse('assessment.instruments.file_too_large')
      const text = await fs.readFile(upload.path, 'utf8')
      const to = { networkId: scene.network.id, addedBy: scene.actor.id, now: scene.now }
      const imported = await importInstrument(scene.db, to, text)
      if (!imported.ok) {
        const refused = { fileName: upload.name, problems: imported.problem }
        return page(template, instrumentsPage(scene, { instruments: await listInstruments(scene.db), refused }), {
          status: 400,
        })
      }
      const { id, title, outcome } = imported.value
      await scene.record('instrument.imported', { subjectId: id, facts: { outcome } })
      return redirect('/instruments', scene.t(`assessment.instruments.${outcome}`, { title }))
    },
  )

  for (const [action, isRetiring] of [
    ['retire', true],
    ['restore', false],
  ] as const) {
    routes.staff(
      'POST',
      `/instruments/:id/${action}`,
      { ...administrator, ...ofInstrument },
      async (scene, { params }) => {
        const stored = (await findInstrument(scene.db, params.id)) ?? notFound()
        await retireInstrument(scene.db, stored.id, scene.actor.id, isRetiring ? scene.now : null)
        await scene.record(`instrument.${action}d`, { subjectId: stored.id })
        return redirect(
          '/instruments',
          scene.t(`assessment.instruments.${action}d`, { title: stored.instrument.title.text }),
        )
      },
    )
  }

  routes.staff(
    'GET',
    '/instruments/:id/questionnaire.json',
    { ...reader, ...ofInstrument },
    async (scene, { params }) => {
      const stored = (await findInstrument(scene.db, params.id)) ?? notFound()
      const json = JSON.stringify(await questionnaireOf(scene.db, stored.id), null, 2)
      return file(`${stored.instrument.title.text} ${stored.instrument.version}.json`, 'application/fhir+json', json)
    },
  )

  const query = z.object({ assessment: z.string().optional(), language: z.string().optional() })
  routes.staff(
    'GET',
    '/instruments/:id/paper',
    { ...reader, ...ofInstrument, query },
    async (scene, { params, query: wanted }) => {
      const stored = (await findInstrument(scene.db, params.id)) ?? notFound()
      const id = parseId<'assessment'>(wanted.assessment)
      // Administrators see no client's things, not even that there is an assessment.
      if (id && !scene.actor.roles.some((role) => role === 'adviser' || role === 'manager')) return notAllowed()
      const assessment = id ? ((await findAssessment(scene.db, id)) ?? notFound()) : null
      const languages = languagesOf(stored.instrument)
      const language = [wanted.language, assessment?.language, scene.locale, scene.locale.split('-')[0]].find(
        (tag) => tag !== undefined && languages.includes(tag),
      )
      const model = paperPage(scene, stored.instrument, {
        language: language ?? stored.instrument.language,
        assessment: assessment ? { id: assessment.id, reference: assessment.reference } : null,
      })
      return page('assessment/pages/paper.njk', model)
    },
  )
}
// messages: assessment.instruments.*
