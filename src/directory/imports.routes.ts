// Importing a directory from a page: upload, watch, read the report.

import fs from 'node:fs'
import { z } from 'zod'
import { idOf, notFound, optionalText, page, readForm, redirect, textOf } from '#platform/http/index.ts'
import type { Answer, FieldProblem, FormBody, Routes, Scene, Upload } from '#platform/http/index.ts'
import { importJobName } from './directory.jobs.ts'
import { addImport, addPart, findImport, latestImports } from './imports.store.ts'
import { importFormPage, importPage } from './pages/import.page.ts'

const administrator = { roles: ['administrator'] } as const
const params = z.object({ id: idOf<'directory_import'>() })

// A directory of a whole state, zipped, is some tens of megabytes.
const mostBytes = 200 * 1024 ** 2
const bytesOfPart = 1024 ** 2

const form = z.object({ source: optionalText(60) })

export function importsRoutes(routes: Routes): void {
  routes.staff('GET', '/directory/import', administrator, (scene) => showForm(scene, { body: {}, list: [] }))

  routes.staff(
    'POST',
    '/directory/import',
    { ...administrator, upload: { maxBytes: mostBytes } },
    async (scene, { body, upload }) => {
      const read = readForm(form, body)
      const problems = [...(read.ok ? [] : read.problem), ...problemsOf(upload)]
      if (!read.ok || !upload || problems.length > 0) return showForm(scene, { body, list: problems })
      const { db, network, actor, now } = scene
      const id = await addImport(db, network.id, {
        fileName: upload.name,
        source: read.value.source,
        by: actor.id,
        now,
      })
      let number = 0
      for await (const bytes of fs.createReadStream(upload.path, {
        highWaterMark: bytesOfPart,
      }) as AsyncIterable<Buffer>) {
        await addPart(db, network.id, id, { number: number++, bytes })
      }
      await scene.enqueue(importJobName, { importId: id })
      await scene.record('directory.import_started', { subjectId: id, facts: { bytes: upload.bytes } })
      return redirect(`/directory/import/${id}`)
    },
  )

  routes.staff('GET', '/directory/import/:id', { ...administrator, params }, async (scene, { params: { id } }) => {
    const found = (await findImport(scene.db, id)) ?? notFound()
    return page('directory/pages/import.njk', importPage(scene, found))
  })
}

async function showForm(
  scene: Scene,
  { body, list }: { body: FormBody; list: readonly FieldProblem[] },
): Promise<Answer> {
  const imports = await latestImports(scene.db, 20)
  const model = importFormPage(scene, { imports, source: textOf(body, 'source'), list })
  return page('directory/pages/import-form.njk', model, { status: list.length > 0 ? 400 : 200 })
}

function problemsOf(upload: Upload | null): FieldProblem[] {
  if (!upload) return [{ field: 'file', key: 'directory.import.file_missing' }]
  if (upload.isTooLarge)
    return [{ field: 'file', key: 'directory.import.file_large', values: { megabytes: mostBytes / 1024 ** 2 } }]
  if (!/\.(zip|json)$/i.test(upload.name)) return [{ field: 'file', key: 'directory.import.file_kind' }]
  return []
}
