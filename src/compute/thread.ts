// A thread of the pool: takes up the runs it is told of and does their tasks one after another.

import { parentPort } from 'node:worker_threads'
import type { FromThread, ToThread } from './protocol.ts'
import { giveAway } from './share-buffers.ts'
import { findTask } from './task-modules.ts'

interface OpenRun {
  readonly perform: Promise<(shared: unknown, task: unknown) => unknown>
  readonly shared: unknown
}

const port = parentPort
if (!port) throw new Error('this file runs as a thread of the pool')

const runs = new Map<number, OpenRun>()
// A task may wait for something; the next one begins when it is done, so that a thread holds one task's memory.
let last: Promise<void> = Promise.resolve()

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'begin': {
      const perform = findTask(message.module, message.name)
      // Told with the first task; unheard until then it would end the thread.
      perform.catch(() => undefined)
      runs.set(message.run, { perform, shared: message.shared })
      return
    }
    case 'task': {
      const { run, index, task } = message
      last = last.then(() => answerTask(run, index, task))
      return
    }
    case 'end':
      runs.delete(message.run)
  }
})

async function answerTask(run: number, index: number, task: unknown): Promise<void> {
  const open = runs.get(run)
  if (!open) return
  try {
    const perform = await open.perform
    const { answer, transfer } = giveAway(await perform(open.shared, task))
    tell({ kind: 'answer', run, index, answer }, transfer)
  } catch (error) {
    tell({ kind: 'failure', run, index, error: error instanceof Error ? error : new Error(String(error)) }, [])
  }
}

function tell(message: FromThread, transfer: ArrayBuffer[]): void {
  port!.postMessage(message, transfer)
}
