// The network's doors, for administrators: add one, change it, close it. A closed door stays for the record.

import { z } from 'zod'
import {
  idOf,
  notFound,
  oneOf,
  optionalText,
  page,
  readForm,
  redirect,
  requiredText,
  textOf,
  ticked,
  type FieldProblem,
  type FormBody,
  type Routes,
  type Scene,
} from '#platform/http/index.ts'
import { siteKinds, type Site } from './network.ts'
import { changeSite, insertSite, sitesOf } from './networks.store.ts'

// messages: networks.kind.*

const degrees = (most: number, key: string) =>
  optionalText(20).transform((typed, context): number | null => {
    if (typed === null) return null
    const value = Number(typed.replace(',', '.'))
    if (Number.isFinite(value) && Math.abs(value) <= most) return value
    context.addIssue({ code: 'custom', message: key })
    return z.NEVER
  })

const siteForm = z
  .object({
    name: requiredText('networks.site.name_missing', 120),
    kind: oneOf(siteKinds, 'networks.site.kind_missing'),
    address: optionalText(300),
    latitude: degrees(90, 'networks.site.no_latitude'),
    longitude: degrees(180, 'networks.site.no_longitude'),
    closed: ticked(),
  })
  .refine(({ latitude, longitude }) => (latitude === null) === (longitude === null), {
    path: ['latitude'],
    message: 'networks.site.half_a_position',
  })

const administrator = { roles: ['administrator'] } as const
const one = { ...administrator, params: z.object({ id: idOf<'site'>() }) }

export function sitesRoutes(routes: Routes): void {
  routes.staff('GET', '/settings/sites', administrator, async (scene) => {
    const sites = await sitesOf(scene.db)
    return page('networks/pages/sites.njk', {
      title: scene.t('networks.sites.title'),
      sites: sites.map((site) => ({ ...site, kind: scene.t(`networks.kind.${site.kind}`) })),
    })
  })

  routes.staff('GET', '/settings/sites/new', administrator, async (scene) => sitePage(scene, null, {}, []))

  routes.staff('POST', '/settings/sites/new', administrator, async (scene, { body }) => {
    const form = readForm(siteForm, body)
    if (!form.ok) return sitePage(scene, null, body, form.problem)
    const id = await insertSite(scene.db, scene.network.id, siteIn(form.value))
    await scene.record('networks.site_added', { subjectId: id })
    return redirect('/settings/sites', scene.t('networks.site.added', { name: form.value.name }))
  })

  routes.staff('GET', '/settings/sites/:id', one, async (scene, { params }) => {
    const site = (await sitesOf(scene.db)).find(({ id }) => id === params.id) ?? notFound()
    return sitePage(scene, site, bodyOf(site), [])
  })

  routes.staff('POST', '/settings/sites/:id', one, async (scene, { params, body }) => {
    const site = (await sitesOf(scene.db)).find(({ id }) => id === params.id) ?? notFound()
    const form = readForm(siteForm, body)
    if (!form.ok) return sitePage(scene, site, body, form.problem)
    await changeSite(scene.db, { ...siteIn(form.value), id: site.id, timeZone: site.timeZone })
    await scene.record('networks.site_changed', { subjectId: site.id })
    return redirect('/settings/sites', scene.t('networks.site.changed', { name: form.value.name }))
  })
}

function siteIn({ name, kind, address, latitude, longitude, closed }: z.output<typeof siteForm>): Omit<Site, 'id'> {
  const position = latitude === null || longitude === null ? null : { latitude, longitude }
  return { name, kind, address, position, timeZone: null, isActive: !closed }
}

function bodyOf({ name, kind, address, position, isActive }: Site): FormBody {
  return {
    ...{ name, kind, address: address ?? '' },
    latitude: position ? String(position.latitude) : '',
    longitude: position ? String(position.longitude) : '',
    closed: isActive ? '' : 'yes',
  }
}

function sitePage(scene: Scene, site: Site | null, body: FormBody, list: readonly FieldProblem[]) {
  const kind = textOf(body, 'kind')
  const model = {
    title: scene.t(site ? 'networks.site.title' : 'networks.site.add'),
    isNew: site === null,
    values: Object.fromEntries(
      ['name', 'address', 'latitude', 'longitude', 'closed'].map((name) => [name, textOf(body, name)]),
    ),
    kinds: siteKinds.map((value) => ({ value, text: scene.t(`networks.kind.${value}`), checked: value === kind })),
    problems: scene.problems(list),
  }
  return page('networks/pages/site.njk', model, { status: list.length > 0 ? 400 : 200 })
}
