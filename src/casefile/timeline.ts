// One timeline out of many: what every feature tells of a client, in order of time.

import type { TimelineItem } from '#clients/index.ts'

/** The latest first; things of the same moment stay in the order given. At most `most`. */
export function joinTimelines(parts: readonly (readonly TimelineItem[])[], most: number): readonly TimelineItem[] {
  return parts
    .flat()
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, most)
}
