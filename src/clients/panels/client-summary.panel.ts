// The person at a glance: how to call and reach them, what they need, who is responsible, and what can be done.

import type { Panel, Scene } from '#platform/http/index.ts'
import { nameOfLanguage } from '#platform/languages.ts'
import { ageOn, fullName, type Client } from '../client.ts'
import { nameOfScript } from '../script.ts'
import { maySeeOpenings } from '../pages/openings.page.ts'
import type { Surroundings } from '../surroundings.scene.ts'

/** What a next step is: the one obvious button of the page. */
export interface NextStep {
  readonly text: string
  readonly href: string
  /** The step is done by the button itself, not by a page behind it: it posts. */
  readonly isDoneAtOnce?: boolean
}

// messages: clients.reach.*
// messages: clients.access.*
// messages: clients.closing.*

/** The head of a client's page: name, marks, what to know, what to do. */
export function clientSummaryPanel(
  scene: Scene,
  client: Client,
  { surroundings, nextStep }: { readonly surroundings: Surroundings; readonly nextStep: NextStep | null },
): Panel {
  const t = (key: string) => scene.t(key)
  const to = (page: string) => `/clients/${client.id}/${page}`
  const isOpen = client.status === 'open'
  return {
    template: 'clients/panels/client-summary.njk',
    model: {
      client: {
        name: fullName(client),
        reference: client.reference,
        age: age(scene, client),
        site: surroundings.siteName(client.siteId),
        adviser: surroundings.staffName(client.adviserId),
        isClosed: !isOpen,
        closed: client.closedReason ? closedWords(scene, client) : null,
        isRestricted: client.restrictedTo !== null,
        reach: reachRows(scene, client),
        needs: needRows(scene, client),
        accessWords: client.accessWords,
        address: client.address,
        residenceArea: client.residenceArea,
      },
      nextStep,
      editHref: to('edit'),
      reopenAction: isOpen ? null : to('reopen'),
      actions: [
        { href: to('notes'), text: t('clients.notes.title') },
        { href: to('consent'), text: t('clients.consent.title') },
        { href: to('reassign'), text: t('clients.reassign.title') },
        ...(isOpen ? [{ href: to('close'), text: t('clients.close.title') }] : []),
        { href: to('merge'), text: t('clients.merge.title') },
        { href: to('restrict'), text: t('clients.restrict.title') },
        ...(maySeeOpenings(scene, client) ? [{ href: to('openings'), text: t('clients.openings.title') }] : []),
      ],
    },
  }
}

function age(scene: Scene, client: Client): string | null {
  const years = ageOn(client, scene.today)
  if (!client.birthDate) return null
  return scene.t('clients.summary.born', { day: scene.day(client.birthDate), years: years ?? 0 })
}

function closedWords(scene: Scene, client: Client): string {
  return scene.t('clients.summary.closed', {
    when: client.closedAt ? scene.moment(client.closedAt) : '',
    reason: scene.t(`clients.closing.${client.closedReason ?? 'other'}`),
  })
}

function reachRows(scene: Scene, client: Client) {
  const details = { phone: client.phones.join(', '), email: client.email, letter: null, in_person: null }
  const links = {
    phone: client.phones[0] ? `tel:${client.phones[0]}` : null,
    email: client.email && `mailto:${client.email}`,
  }
  return client.reachedBy.map((way) => ({
    text: scene.t(`clients.reach.${way}`),
    detail: details[way],
    href: way === 'phone' || way === 'email' ? links[way] : null,
  }))
}

/** What travels with the person, the interpreter and language first. */
function needRows(scene: Scene, client: Client): readonly string[] {
  const { words, locale } = scene
  const t = (key: string, values?: Readonly<Record<string, string>>) => scene.t(key, values)
  const language = client.language && words.formatted(nameOfLanguage(client.language, locale))
  return [
    ...(client.needsInterpreter
      ? [language ? t('clients.summary.interpreter', { language }) : t('clients.access.interpreter')]
      : []),
    ...(!client.needsInterpreter && language ? [t('clients.summary.speaks', { language })] : []),
    ...(client.script
      ? [t('clients.summary.reads', { script: words.formatted(nameOfScript(client.script, locale)) })]
      : []),
    ...client.accessNeeds.map((need) => t(`clients.access.${need}`)),
  ]
}
