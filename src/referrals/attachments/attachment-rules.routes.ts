// How long files are kept and how large they may be: for administrators.

import { z } from 'zod'
import {
  page,
  readForm,
  redirect,
  textOf,
  type FieldProblem,
  type FormBody,
  type PageModel,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { mostFileMegabytes, type AttachmentRules } from './attachment.ts'
import { attachmentRules, saveAttachmentRules } from './attachment-rules.store.ts'

const administrator = { roles: ['administrator'] } as const

const wholeNumber = (min: number, max: number) => {
  const message = `referrals.attachments.rules_whole_number|{"min":${min},"max":${max}}`
  return z
    .string({ error: message })
    .trim()
    .regex(/^\d{1,4}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

const rulesForm = z.object({
  keepDays: wholeNumber(1, 3650),
  mostFileMegabytes: wholeNumber(1, mostFileMegabytes),
  mostReferralMegabytes: wholeNumber(1, 500),
})

export function attachmentRulesRoutes(routes: Routes, { isScanned }: { readonly isScanned: boolean }): void {
  routes.staff('GET', '/settings/attachments', administrator, async (scene) =>
    page(template, rulesPage(scene, { isScanned, body: typed(await attachmentRules(scene.db)), problems: [] })),
  )

  routes.staff('POST', '/settings/attachments', administrator, async (scene, { body }) => {
    const form = readForm(rulesForm, body)
    if (!form.ok) return page(template, rulesPage(scene, { isScanned, body, problems: form.problem }), { status: 400 })
    const by = { networkId: scene.network.id, staffId: scene.actor.id, now: scene.now }
    await saveAttachmentRules(scene.db, form.value, by)
    await scene.record('referrals.attachment_rules_changed', { facts: { ...form.value } })
    return redirect('/settings/attachments', scene.t('referrals.attachments.rules_saved'))
  })
}

const template = 'referrals/attachments/pages/rules.njk'

function typed(rules: AttachmentRules): FormBody {
  return Object.fromEntries(Object.entries(rules).map(([name, value]) => [name, String(value)]))
}

function rulesPage(
  scene: Scene,
  { isScanned, body, problems }: { isScanned: boolean; body: FormBody; problems: readonly FieldProblem[] },
): PageModel {
  return {
    title: scene.t('referrals.attachments.rules_title'),
    scanned: scene.t(isScanned ? 'referrals.attachments.rules_scanned' : 'referrals.attachments.rules_not_scanned'),
    keepDays: textOf(body, 'keepDays'),
    mostFileMegabytes: textOf(body, 'mostFileMegabytes'),
    mostReferralMegabytes: textOf(body, 'mostReferralMegabytes'),
    problems: scene.problems(problems),
  }
}
