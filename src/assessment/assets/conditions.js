// Shows a question as soon as its condition holds. Without this script the form comes back with it after it was sent.

const form = document.querySelector('[data-conditions]')
const elements = new Map()
for (const element of form?.querySelectorAll('[data-item]') ?? []) {
  elements.set(element.dataset.item, { element, rule: JSON.parse(element.dataset.rule) })
}

/** What is answered now, in the values that conditions compare with. */
function answersTo({ element }) {
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

function holds(condition, shows) {
  if ('holds' in condition) return condition.holds
  const asked = elements.get(condition.question)
  const given = asked && shows(condition.question) ? answersTo(asked) : []
  if (condition.operator === 'exists') return given.length > 0 === condition.value
  if (condition.operator === '!=') return !given.some((answer) => compare(answer, condition.value) === 0)
  return given.some((answer) => tests[condition.operator](compare(answer, condition.value)))
}

function update() {
  const known = new Map()
  const shows = (linkId) => {
    if (known.has(linkId)) return known.get(linkId)
    known.set(linkId, false)
    const { rule } = elements.get(linkId)
    const isHeld =
      rule.within === null ||
      (shows(rule.within) && (!rule.needsAnswer || answersTo(elements.get(rule.within)).length > 0))
    const test = (condition) => holds(condition, shows)
    const isAsked =
      rule.conditions.length === 0 ||
      (rule.joinedBy === 'any' ? rule.conditions.some(test) : rule.conditions.every(test))
    known.set(linkId, isHeld && isAsked)
    return isHeld && isAsked
  }
  for (const [linkId, { element }] of elements) {
    const isShown = shows(linkId)
    element.hidden = !isShown
    const seen = element.querySelector('input[name="shown"]')
    if (seen) seen.disabled = !isShown
  }
}

if (form) {
  form.addEventListener('input', update)
  form.addEventListener('change', update)
  // A browser that comes back to the page fills the fields in again.
  window.addEventListener('pageshow', update)
  update()
}
