// PostgreSQL refuses to run as root. Where Waypost runs as root, its database runs as someone else.

import { spawnSync } from 'node:child_process'

/** How a command is run so that it is not root: words before it, or another user for it. */
export interface Disguise {
  readonly prefix: readonly string[]
  /** The user and group that must own what the command writes; undefined: the same files as ours. */
  readonly owner: number | undefined
}

/** `nobody` of Debian and most other systems; a namespace shows our own files as belonging to it. */
const nobody = 65_534

export type DisguiseKind = 'none' | 'namespace' | 'nobody'

/**
 * Chooses the disguise: none for an ordinary user; for root a user namespace, in which the same files belong to an
 * ordinary user (works even in a folder that only root may enter), or, where that is not allowed, the user nobody.
 */
export function chooseDisguise(kind: DisguiseKind | undefined): Disguise {
  const chosen = kind ?? (process.getuid?.() !== 0 ? 'none' : mayMakeNamespaces() ? 'namespace' : 'nobody')
  switch (chosen) {
    case 'none':
      return { prefix: [], owner: undefined }
    case 'namespace':
      return { prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`], owner: undefined }
    case 'nobody':
      return { prefix: [], owner: nobody }
  }
}

function mayMakeNamespaces(): boolean {
  const words = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, 'true']
  return spawnSync('unshare', words, { stdio: 'ignore' }).status === 0
}
