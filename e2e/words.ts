// Looks for text that did not come from a catalogue: in the pseudo-locale every letter of ours carries an accent.

import type { Page } from 'playwright-core'

/** Texts and attributes outside `data-content` that hold a plain letter, each with where it stands; at most twenty. */
export function plainWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const isContent = (element: Element | null) =>
      element?.closest('[data-content], script, style, svg title, code, [lang="zxx"]') != null
    // Values stand in <bdi>, or between isolating marks where a text or an attribute can hold no element.
    const isPlain = (text: string | null | undefined) =>
      /[A-Za-z]{2}/.test((text ?? '').replace(/\u2068[^\u2069]*\u2069/g, ''))
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node && found.length < 20; node = walker.nextNode()) {
      const parent = node.parentElement
      // The product's name is a name in every language.
      if (!parent || isContent(parent) || parent.closest('bdi, title')) continue
      if (isPlain(node.textContent))
        found.push(`${parent.tagName.toLowerCase()}: ${node.textContent?.trim().slice(0, 60)}`)
    }
    for (const element of document.querySelectorAll('[alt], [title], [aria-label], [placeholder]')) {
      if (isContent(element)) continue
      for (const name of ['alt', 'title', 'aria-label', 'placeholder']) {
        const value = element.getAttribute(name)
        if (isPlain(value)) found.push(`@${name}: ${value?.slice(0, 60)}`)
      }
    }
    return found
  })
}
