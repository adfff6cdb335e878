// An instrument as a client and an adviser will see it, part by part. It has no form: nothing can be sent.

import type { Scene } from '#platform/http/index.ts'
import { languagesOf, pagesOf } from '../instrument.ts'
import type { StoredInstrument } from '../instruments.store.ts'
import { elementsOf } from './group.page.ts'
import { languageName, sayIn } from './say.page.ts'
import { conditionsScript } from './script.page.ts'

interface Wish {
  readonly part?: string | undefined
  readonly language?: string | undefined
  readonly all?: string | undefined
}

// With this rule the script leaves an element where it is.
const always = JSON.stringify({ within: null, needsAnswer: false, joinedBy: 'all', conditions: [] })

export function previewPage(scene: Scene, { id, instrument }: StoredInstrument, wish: Wish) {
  const languages = languagesOf(instrument)
  const language = languages.find((tag) => tag === wish.language) ?? instrument.language
  const say = sayIn(scene, instrument, language)
  const parts = pagesOf(instrument)
  const at = Math.max(
    0,
    parts.findIndex(({ linkId }) => linkId === wish.part),
  )
  const shown = parts[at]
  const isAll = wish.all === 'yes'
  const elements = shown
    ? elementsOf(instrument, { page: shown, answers: new Map(), typed: undefined }, say, new Map())
    : []
  const href = (changed: { readonly part?: string; readonly language?: string; readonly isAll?: boolean }) => {
    const query = new URLSearchParams({
      part: changed.part ?? shown?.linkId ?? '',
      language: changed.language ?? language,
    })
    if (changed.isAll ?? isAll) query.set('all', 'yes')
    return `/instruments/${id}/preview?${query.toString()}`
  }
  const next = parts[at + 1]
  return {
    title: scene.t('assessment.preview.title'),
    id,
    instrumentTitle: say.content(instrument.title),
    heading: shown ? say.content(shown.words) : null,
    description: at === 0 && instrument.description ? say.content(instrument.description) : null,
    step: { number: at + 1, total: parts.length },
    elements: isAll ? elements.map((element) => ({ ...element, isHidden: false, rule: always })) : elements,
    hidden: elements.filter(({ isHidden }) => isHidden).length,
    isAll,
    allHref: href({ isAll: !isAll }),
    nextHref: next ? href({ part: next.linkId }) : null,
    parts: parts.map((part, index) => ({
      words: say.content(part.words),
      href: href({ part: part.linkId }),
      isThis: index === at,
    })),
    languages: languages.map((tag) => ({
      tag,
      name: languageName(tag),
      href: href({ language: tag }),
      isChosen: tag === language,
    })),
    script: conditionsScript,
  }
}
