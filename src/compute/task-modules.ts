// Which code a thread may load. A thread is told a name of this list, never an address, so nothing that comes from data can
// choose what runs.

const addresses = {
  practice: new URL('./practice.tasks.ts', import.meta.url),
  engine: new URL('../evidence/engine/engine.tasks.ts', import.meta.url),
  allocation: new URL('../matching/allocation/transport.tasks.ts', import.meta.url),
  network: new URL('../evidence/engine/network.tasks.ts', import.meta.url),
} as const

export type TaskModule = keyof typeof addresses

/** A function that runs in a thread. shared: the same for all tasks of a run, in shared memory, read only unless tasks write
 *  to places of their own. task: what this one is to do. What it answers is given away: it keeps no hold of its arrays. It
 *  draws chance from (seed, task) alone and keeps nothing from task to task that could change an answer. */
export type TaskFunction = (shared: never, task: never) => unknown

export const taskModules = Object.keys(addresses) as readonly TaskModule[]

/** The function of that name. Throws when the list has no such module, or the module no such function. */
export async function findTask(module: string, name: string): Promise<(shared: unknown, task: unknown) => unknown> {
  if (!Object.hasOwn(addresses, module)) throw new Error(`there is no task module ${module}`)
  const loaded = (await import(addresses[module as TaskModule].href)) as Record<string, unknown>
  const task = Object.hasOwn(loaded, name) ? loaded[name] : undefined
  if (typeof task !== 'function') throw new Error(`the task module ${module} has no function ${name}`)
  return task as (shared: unknown, task: unknown) => unknown
}
