// What a piece of work cost this process: the one place that measures it, for cards and reports.

/** cpuSeconds: all threads, user and system. peakMiB: the most memory the process held at any time since it began (no system
 *  tells it for a part of that time). */
export interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMiB: number
}

/** Starts measuring; the answer says the cost up to when it is called. */
export function startMeasuring(): () => Cost {
  const start = performance.now()
  const before = process.cpuUsage()
  return () => costOf((performance.now() - start) / 1000, process.cpuUsage(before))
}

/** The cost of the whole process so far, its own start included: what a command cost. */
export function costOfProcess(): Cost {
  return costOf(process.uptime(), process.cpuUsage())
}

function costOf(seconds: number, { user, system }: NodeJS.CpuUsage): Cost {
  // Node gives kibibytes whatever the system counts in.
  return { seconds, cpuSeconds: (user + system) / 1e6, peakMiB: process.resourceUsage().maxRSS / 1024 }
}
