// Templates: Nunjucks over the source folder, so that a template is named by its feature.

import path from 'node:path'
import nunjucks from 'nunjucks'
import type { MessageValues, Words } from '../i18n/index.ts'

export interface Panel {
  readonly template: string
  readonly model: object
}

/** What every template may use besides its page's model. */
export interface Surroundings {
  readonly words: Words
  /** Makes the hidden field that every form posts. */
  readonly csrf: () => string
  readonly [name: string]: unknown
}

export type Render = (template: string, model: object, surroundings: Surroundings) => string

const source = path.join(import.meta.dirname, '..', '..')
const modules = path.join(source, '..', 'node_modules')

/** Names that the model of a page may not use: the template's own. */
const own = ['t', 'text', 'csrf', 'panel'] as const

export function makeRenderer(): Render {
  const loader = new nunjucks.FileSystemLoader([source, path.join(modules, 'govuk-frontend', 'dist')], {
    noCache: false,
    watch: false,
  })
  const environment = new nunjucks.Environment(loader, { autoescape: true, trimBlocks: true, lstripBlocks: true })
  const safe = (html: string) => new nunjucks.runtime.SafeString(html)
  const render: Render = (template, model, surroundings) => {
    const { words, csrf } = surroundings
    const taken = own.find((name) => name in model)
    if (taken) throw new Error(`The model of ${template} hides the template's own ${taken}.`)
    return environment.render(template, {
      ...surroundings,
      ...model,
      /** A message as HTML: escaped, values in `<bdi>`. */
      t: (key: string, values?: MessageValues) => safe(words.html(key, withoutMarks(values))),
      /** A message as plain text, for attributes. */
      text: (key: string, values?: MessageValues) => words.t(key, withoutMarks(values)),
      csrf: () => safe(`<input type="hidden" name="_csrf" value="${csrf()}">`),
      panel: (panel: Panel) => safe(render(panel.template, panel.model, surroundings)),
    })
  }
  return render
}

/** Nunjucks hands keyword arguments over with a mark of its own; a SafeString is text again. */
function withoutMarks(values: MessageValues | undefined): MessageValues {
  if (!values) return {}
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => name !== '__keywords')
      .map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null && !(value instanceof Date) ? String(value) : value,
      ]),
  )
}
