// Background work of the directory: the import of an uploaded file.

import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Kysely } from 'kysely'
import { inScope, type Database } from '#platform/db/index.ts'
import type { Network } from '#platform/http/index.ts'
import { parseId } from '#platform/ids.ts'
import type { Job, LongJob, TransactionJob } from '#platform/jobs/worker.ts'
import { importDirectory } from './import/import.run.ts'
import type { Transact } from './import/write-entries.run.ts'
import {
  findImport,
  finishImport,
  forgetUploads,
  markFailed,
  noteProgress,
  readPart,
  type DirectoryImport,
} from './imports.store.ts'

export const importJobName = 'directory.import'

export interface DirectoryJobTools {
  readonly kysely: Kysely<Database>
  readonly networks: { byId(id: string): Promise<Network | null> }
  readonly now: () => Date
}

/** Imports the file that was uploaded; run again after a crash, it begins anew and changes nothing twice. */
export function directoryJobs({ kysely, networks, now }: DirectoryJobTools): readonly Job[] {
  const importJob: LongJob = {
    name: importJobName,
    isLong: true,
    async run(data) {
      const network = await networks.byId(data.networkId)
      const id = parseId<'directory_import'>(data['importId'])
      if (!network || !id) return
      const transact: Transact = (work) => inScope(kysely, { role: 'job', networkId: network.id }, work)
      const asked = await transact((db) => findImport(db, id))
      if (!asked || asked.state === 'done' || asked.state === 'refused') return
      try {
        await importUpload({ transact, network, now }, asked)
      } catch (error) {
        await transact((db) => markFailed(db, id))
        throw error
      }
    },
  }
  return [importJob, forgetJob]
}

/** The tries of an import end within the hour; what is left after a day is read by nobody. */
const uploadHours = 24

const forgetJob: TransactionJob = {
  name: 'directory.forget_uploads',
  schedule: '20 3 * * *',
  async run({ db, now }) {
    await forgetUploads(db, new Date(now.getTime() - uploadHours * 3_600_000))
  },
}

interface Running {
  readonly transact: Transact
  readonly network: Network
  readonly now: () => Date
}

async function importUpload({ transact, network, now }: Running, asked: DirectoryImport): Promise<void> {
  const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'waypost-upload-'))
  try {
    const file = path.join(folder, path.basename(asked.fileName))
    await writeParts(transact, asked, file)
    const result = await importDirectory({
      transact,
      network,
      path: file,
      source: asked.source ?? undefined,
      now: now(),
      onProgress: ({ stage, lines, organizationsDone, organizationsTotal }) =>
        transact((db) =>
          noteProgress(db, asked.id, { state: stage, linesRead: lines, organizationsDone, organizationsTotal }),
        ),
    })
    await transact((db) =>
      finishImport(db, asked.id, result.ok ? { report: result.value } : { problem: result.problem }, now()),
    )
  } finally {
    await fs.promises.rm(folder, { recursive: true, force: true })
  }
}

async function writeParts(transact: Transact, asked: DirectoryImport, file: string): Promise<void> {
  const handle = await fs.promises.open(file, 'w', 0o600)
  try {
    for (let number = 0; ; number++) {
      const bytes = await transact((db) => readPart(db, asked.id, number))
      if (!bytes) return
      await handle.write(bytes)
    }
  } finally {
    await handle.close()
  }
}
