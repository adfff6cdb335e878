// What an import found wrong, gathered by organisation, in bounded room.

import type { Finding, ImportReport } from './row.ts'

// A directory that is wrong in every line is told so by its first ten thousand lines.
const most = 10_000

export interface Findings {
  refuse(owner: number, finding: Finding): void
  notice(finding: Finding): void
  isRefused(owner: number): boolean
  /** Organisations refused so far. */
  readonly refusedOwners: ReadonlySet<number>
  shown(): Pick<ImportReport, 'refusals' | 'refusalsNotListed' | 'notices'>
}

export function gatherFindings(): Findings {
  const refusals: Finding[] = []
  const notices: Finding[] = []
  const refused = new Set<number>()
  let unlisted = 0
  return {
    refuse(owner, finding) {
      refused.add(owner)
      if (refusals.length < most) refusals.push(finding)
      else unlisted++
    },
    notice(finding) {
      if (notices.length < most) notices.push(finding)
    },
    isRefused: (owner) => refused.has(owner),
    refusedOwners: refused,
    shown: () => ({ refusals, refusalsNotListed: unlisted, notices }),
  }
}
