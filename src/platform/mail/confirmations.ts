// Which mails a server has confirmed before the database knows: the one thing that may never be forgotten, since a mail
// that was confirmed is never sent again.

import fs from 'node:fs'
import path from 'node:path'

export interface Confirmations {
  has(mailId: string): boolean
  /** On disk when it returns. Throws when it cannot be written. */
  add(mailId: string): void
  /** The database knows by now. */
  remove(mailId: string): void
}

/**
 * An empty file a mail, named by its id (which says nothing of a person): it survives the process, and several processes may
 * share the folder. Throws when the folder cannot be made.
 */
export function keepConfirmations(folder: string): Confirmations {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fileOf = (mailId: string) => path.join(folder, path.basename(mailId))
  return {
    has: (mailId) => fs.existsSync(fileOf(mailId)),
    add(mailId) {
      fs.closeSync(fs.openSync(fileOf(mailId), 'w', 0o600))
      // A new name is on disk when its folder is.
      const handle = fs.openSync(folder, 'r')
      fs.fsyncSync(handle)
      fs.closeSync(handle)
    },
    remove: (mailId) => fs.rmSync(fileOf(mailId), { force: true }),
  }
}
