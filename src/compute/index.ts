// The front door of the threads.

export { runTasks, TaskFailed, ThreadLost, withPool, type Pool, type PoolOptions, type Run } from './pool.ts'
export { countProgress, progressAfter, type Progress, type ProgressCount } from './progress.ts'
export { shareBuffers } from './share-buffers.ts'
export { leaveIfStopped, Stopped } from './stopped.ts'
export type { TaskFunction, TaskModule } from './task-modules.ts'
