// Shows a question as soon as its condition holds. Without this script the form comes back with it after it was sent.

/** The link ids that show. `rules` are those of this page by link id; `answersTo` gives what is answered to one now. */
export function shownAmong(rules, answersTo) {
  const known = new Map()
  const shows = (linkId) => {
    if (known.has(linkId)) return known.get(linkId)
    known.set(linkId, false)
    const { within, needsAnswer, joinedBy, conditions } = rules.get(linkId)
    const isHeld = within === null || (shows(within) && (!needsAnswer || answersTo(within).length > 0))
    const isAsked = conditions.length === 0 || (joinedBy === 'any' ? conditions.some(holds) : conditions.every(holds))
    known.set(linkId, isHeld && isAsked)
    return isHeld && isAsked
  }
  const holds = (condition) => {
    // A question of another page: the server said how it stands.
    if ('holds' in condition) return condition.holds
    const given = shows(condition.question) ? answersTo(condition.question) : []
    if (condition.operator === 'exists') return given.length > 0 === condition.value
    if (condition.operator === '!=') return !given.some((answer) => compare(answer, condition.value) === 0)
    return given.some((answer) => tests[condition.operator](compare(answer, condition.value)))
  }
  return new Set([...rules.keys()].filter(shows))
}

function compare(answer, value) {
  if (typeof answer === 'number') return answer - value
  if (typeof answer === 'boolean') return Number(answer) - Number(value)
  const isDate = /^\d{4}-\d{2}/.test(answer) && /^\d{4}-\d{2}/.test(value)
  const length = isDate ? Math.min(answer.length, value.length) : Infinity
  const [a, b] = [answer.slice(0, length), String(value).slice(0, length)]
  if (a === b) return 0
  if (isDate) return a < b ? -1 : 1
  return Number.isInteger(Number(a)) && Number.isInteger(Number(b)) ? Number(a) - Number(b) : NaN
}

const tests = {
  '=': (order) => order === 0,
  '>': (order) => order > 0,
  '<': (order) => order < 0,
  '>=': (order) => order >= 0,
  '<=': (order) => order <= 0,
}

// The page itself; where there is none (a test of the rules) there is nothing to do.
const page = globalThis.document
const form = page?.querySelector('[data-conditions]')
if (form) followConditions(form)
for (const element of page?.querySelectorAll('[data-reveal-by]') ?? []) followOption(element)

function followConditions(form) {
  const elements = new Map([...form.querySelectorAll('[data-item]')].map((element) => [element.dataset.item, element]))
  const rules = new Map([...elements].map(([linkId, element]) => [linkId, JSON.parse(element.dataset.rule)]))
  const update = () => {
    const shown = shownAmong(rules, (linkId) => answersIn(form, elements.get(linkId)))
    for (const [linkId, element] of elements) {
      element.hidden = !shown.has(linkId)
      const seen = element.querySelector('input[name="shown"]')
      if (seen) seen.disabled = !shown.has(linkId)
    }
  }
  form.addEventListener('input', update)
  form.addEventListener('change', update)
  // A browser that comes back to the page fills the fields in again.
  window.addEventListener('pageshow', update)
  update()
}

/** What is answered now, in the values that conditions compare with. */
function answersIn(form, element) {
  const name = element.dataset.name
  const value = (suffix = '') => form.elements.namedItem(name + suffix)?.value?.trim() ?? ''
  switch (element.dataset.type) {
    case 'boolean':
    case 'choice':
    case 'open-choice': {
      const chosen = [...element.querySelectorAll('input:checked, option:checked')].map((input) => input.value)
      return chosen.filter((one) => one !== '').map((one) => readChoice(one, element.dataset.type, value('-other')))
    }
    case 'integer':
    case 'decimal': {
      const number = Number(value().replace(',', '.'))
      return value() === '' || Number.isNaN(number) ? [] : [number]
    }
    case 'date': {
      const [day, month, year] = ['-day', '-month', '-year'].map((part) => value(part).padStart(2, '0'))
      const needed = form.elements.namedItem(`${name}-day`) ? [year, month, day] : [year, month]
      return needed.some((part) => part === '00') ? [] : [needed.join('-')]
    }
    default:
      return value() === '' ? [] : [value()]
  }
}

function readChoice(value, type, other) {
  if (type === 'boolean') return value === 'true'
  return value === 'other' ? other : value.slice(2)
}

/** A field that belongs to one option shows when that option is chosen. Without a script it always shows. */
function followOption(element) {
  const { revealBy, revealValue } = element.dataset
  const reveal = () => {
    const chosen = page.querySelector(
      `input[name="${CSS.escape(revealBy)}"][value="${CSS.escape(revealValue)}"]:checked`,
    )
    element.hidden = chosen === null
  }
  page.addEventListener('change', reveal)
  window.addEventListener('pageshow', reveal)
  reveal()
}
