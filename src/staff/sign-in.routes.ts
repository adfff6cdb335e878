// Where staff come in, and where their day begins.

import { entranceRoutes, type AccountTools } from '#platform/accounts/index.ts'
import { redirect, type Routes } from '#platform/http/index.ts'
import { staffAccounts } from './staff.accounts.ts'

export function signInRoutes(routes: Routes, tools: AccountTools): void {
  entranceRoutes(routes, staffAccounts, tools)

  /** Where a person's day begins. */
  routes.staff('GET', '/home', {}, async ({ actor }) => {
    if (actor.roles.includes('adviser') || actor.roles.includes('manager')) return redirect('/today')
    return redirect(actor.roles.includes('administrator') ? '/settings' : '/insights')
  })
}
