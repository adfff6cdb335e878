// Each night what is over is forgotten: sessions, links, tries to sign in, answered challenges.

import type { TransactionJob } from '../jobs/worker.ts'
import type { AccountKind } from './account.ts'
import { forgetOver } from './accounts.store.ts'
import { forgetTries } from './passkeys.store.ts'

export function accountJobs(kinds: readonly AccountKind[]): readonly TransactionJob[] {
  return [
    {
      name: 'platform.forget_sign_ins',
      schedule: '40 2 * * *',
      async run({ db, now }) {
        for (const kind of kinds) await forgetOver(db, kind, now)
        await forgetTries(db, now)
      },
    },
  ]
}
