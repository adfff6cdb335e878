// What scripts add to pages that already work without them.
import { initAll } from '/assets/govuk/govuk-frontend.min.js'

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
initAll()

// "/" puts the cursor into the search box, unless somebody is typing.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
  const at = document.activeElement
  const isBox = at instanceof HTMLInputElement && /^(checkbox|radio|submit|button)$/.test(at.type)
  if (at instanceof HTMLElement && !isBox && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)))
    return
  const box = document.getElementById('site-search')
  if (!box) return
  event.preventDefault()
  box.focus()
})

// A form that was sent is not sent again by a second tap; going back makes it usable again.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || form.method !== 'post') return
  if (form.dataset.sent === 'yes') event.preventDefault()
  form.dataset.sent = 'yes'
})
window.addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent
})

// Print buttons are made by script: without it, the browser's own command is there.
for (const place of document.querySelectorAll('[data-print-label]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'govuk-button govuk-button--secondary wp-no-print'
  button.textContent = place.dataset.printLabel
  button.addEventListener('click', () => window.print())
  place.append(button)
}
