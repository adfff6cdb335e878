// Fills one demonstration for a whole run; each test file starts from a copy of its own.

import fs from 'node:fs'
import type { TestProject } from 'vitest/node'
import { newDataFolder, runWaypost, settingsFor } from './waypost.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A data folder with the demonstration in it; nothing runs on it. */
    demoFolder: string
  }
}

export default async function fillDemo(project: TestProject): Promise<() => void> {
  const folder = newDataFolder()
  const filled = await runWaypost(['demo'], settingsFor(folder))
  const remove = () => fs.rmSync(folder, { recursive: true, force: true })
  if (filled.code !== 0) {
    remove()
    throw new Error(`The demonstration could not be filled: ${filled.stderr}`)
  }
  project.provide('demoFolder', folder)
  return remove
}
