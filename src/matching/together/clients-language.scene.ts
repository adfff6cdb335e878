// The language of a page that a client reads: theirs where there are words in it, else English, and the adviser is told so.

import { presentingIn } from '#platform/http/presenting.ts'
import type { Network } from '#platform/http/index.ts'
import { pseudoLocale, type Catalogues } from '#platform/i18n/index.ts'

/** Words, days and moments in one language: all that the pages' models need to speak. */
export type ClientSpeech = ReturnType<typeof presentingIn> & { readonly network: Pick<Network, 'locale' | 'name'> }

export interface ClientsLanguage {
  readonly speech: ClientSpeech
  /** The client's own, where there are no words in it yet; null where the page is in it, or nobody knows it. */
  readonly missing: string | null
}

interface Viewer {
  readonly network: Network
  readonly locale: string
}

/** `key` is one of the page's messages: a language in which it is not said is not spoken. Whoever looks at the pages in the
 *  pseudo-locale sees the client's in it too. */
export function clientsLanguage(
  { network, locale: viewer }: Viewer,
  catalogues: Catalogues,
  { language, key }: { readonly language: string | null; readonly key: string },
): ClientsLanguage {
  const spoken = viewer === pseudoLocale ? pseudoLocale : language === null ? 'en' : catalogues.speaks(language, key)
  return { speech: speechIn(catalogues, spoken ?? 'en', network), missing: spoken === null ? language : null }
}

/** What is called something on a client's page, for an adviser: in the adviser's own language. */
export function speechOfReader(scene: Viewer, catalogues: Catalogues): ClientSpeech {
  return clientsLanguage(scene, catalogues, { language: scene.locale, key: 'matching.for-client.letter.title' }).speech
}

/** The speech of a language that is known to be spoken. */
export function speechIn(catalogues: Catalogues, locale: string, network: Network): ClientSpeech {
  return { ...presentingIn(catalogues.in(locale), network.timeZone), network }
}
