// The room of services: what is asked, what was found, and where to go from there.

import type { Site } from '#networks/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { namedLanguage } from '#platform/languages.ts'
import { accessibilityCodes, accessibilityKey } from '../accessibility.ts'
import { commonLanguages } from '../language.ts'
import type { FoundPage, FoundService } from '../search.store.ts'
import { serviceTypeKey, serviceTypes } from '../service-type.ts'
import { shownDistance, shownFreshness, shownPlaces } from '../words.scene.ts'

/** As it stands in the address; everything may be blank. */
export interface ServicesQuery {
  readonly q: string
  readonly type: string
  readonly language: string
  readonly access: readonly string[]
  /** A site's id, or `latitude, longitude`. */
  readonly near: string
  readonly km: string
  readonly day: string
  readonly time: string
  readonly places: string
  readonly page: number
}

export interface ServicesListing {
  readonly query: ServicesQuery
  readonly found: FoundPage
  readonly sites: readonly Site[]
  /** The directory holds no service at all. */
  readonly isEmpty: boolean
  readonly pageSize: number
}

export const distances = ['2', '5', '10', '25', '50', '100'] as const

// messages: directory.service_type.*
// messages: directory.accessibility.*
// messages: directory.weekday.*

export function servicesPage(scene: Scene, { query, found, sites, isEmpty, pageSize }: ServicesListing) {
  const t: Scene['t'] = (key, values) => scene.t(key, values)
  const choice = (chosen: string) => (value: string, text: string) => ({ value, text, selected: value === chosen })
  const pages = Math.ceil(found.total / pageSize)
  const href = (page: number) => `/services?${searchOf({ ...query, page })}`
  const [type, language, near, km, day] = [query.type, query.language, query.near, query.km, query.day].map(choice)
  const any = t('directory.services.any')
  return {
    title: t('directory.services.title'),
    query,
    isEmpty,
    mayImport: scene.actor.roles.includes('administrator'),
    isFiltered: searchOf({ ...query, page: 1 }) !== '',
    isMoreOpen: [query.language, query.near, query.day, query.access.length > 0 ? 'yes' : ''].some(
      (part) => part !== '',
    ),
    types: [
      type!('', any),
      ...serviceTypes.map((code) => type!(code, t(serviceTypeKey(code)))),
      type!('unknown', t(serviceTypeKey(null))),
    ],
    languages: [language!('', any), ...languageChoices(scene).map(({ tag, name }) => language!(tag, name))],
    nears: [
      near!('', t('directory.services.anywhere')),
      ...placed(sites).map((site) => near!(site.id, site.name)),
      ...typedPlace(query, sites, near!),
    ],
    distances: distances.map((number) => km!(number, t('directory.distance', { km: Number(number) }))),
    days: [
      day!('', any),
      ...['1', '2', '3', '4', '5', '6', '7'].map((number) => day!(number, t(`directory.weekday.${number}`))),
    ],
    access: accessibilityCodes.map((code) => ({
      value: code,
      text: t(accessibilityKey(code)),
      checked: query.access.includes(code),
    })),
    places: [{ value: 'yes', text: t('directory.services.with_places'), checked: query.places !== '' }],
    summary: t(found.isNearly ? 'directory.services.nearly' : 'directory.services.found', { count: found.total }),
    rows: found.services.map((service) => serviceRow(scene, service)),
    previous: query.page > 1 ? href(query.page - 1) : null,
    next: query.page < pages ? href(query.page + 1) : null,
    where: t('directory.services.page', { page: query.page, pages }),
  }
}

/** One found service, as a list shows it. */
export function serviceRow(scene: Scene, service: FoundService) {
  const t: Scene['t'] = (key, values) => scene.t(key, values)
  const languages = service.languages.map((tag) => namedLanguage(scene, tag))
  return {
    href: `/services/${service.id}`,
    name: service.name,
    organization: service.organizationName,
    description: beginning(service.description ?? ''),
    type: service.serviceType === null ? null : t(serviceTypeKey(service.serviceType)),
    places: shownPlaces(scene, service),
    nextStart:
      service.nextStart === null ? null : t('directory.places.next_start', { day: scene.day(service.nextStart) }),
    languages: languages.length > 0 ? t('directory.service.spoken', { languages: languages.join(', ') }) : null,
    towns: service.cities.join(', '),
    distance: service.kilometres === null ? null : shownDistance(scene, service.kilometres),
    isFree: service.costCents === 0,
    freshness: shownFreshness(scene, service),
  }
}

/** The part of the address behind `?`, without what is blank. */
export function searchOf({ q, type, language, access, near, km, day, time, places, page }: ServicesQuery): string {
  const parts: [string, string][] = [
    ['q', q],
    ['type', type],
    ['language', language],
    ['near', near],
  ]
  if (near !== '') parts.push(['km', km])
  if (day !== '') parts.push(['day', day], ['time', time])
  parts.push(['places', places], ...access.map((code): [string, string] => ['access', code]))
  if (page > 1) parts.push(['page', String(page)])
  return new URLSearchParams(parts.filter(([, value]) => value !== '')).toString()
}

function languageChoices(scene: Scene): { tag: string; name: string }[] {
  const named = commonLanguages.map((tag) => ({ tag, name: namedLanguage(scene, tag) }))
  return named.sort((a, b) => a.name.localeCompare(b.name, scene.locale.replace(/-X[AB]$/, '')))
}

function placed(sites: readonly Site[]): readonly Site[] {
  return sites.filter((site) => site.position !== null)
}

/** A position in the address that is no site's (from a client's page) stays chosen. */
function typedPlace(
  { near }: ServicesQuery,
  sites: readonly Site[],
  option: (value: string, text: string) => object,
): object[] {
  return near === '' || sites.some((site) => site.id === near) ? [] : [option(near, near)]
}

function beginning(text: string): string {
  const most = 180
  return text.length <= most ? text : `${text.slice(0, text.lastIndexOf(' ', most))}…`
}
