// Passkeys: the forms that need the browser's help are shown where it can give it.
import '/assets/webauthn/index.umd.min.js'

const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser

/** Asks the server what to ask the browser, then sends the browser's answer with the form. */
async function answer(form) {
  const response = await fetch(form.dataset.passkeyOptions, { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error('no challenge')
  const { challenge, options: optionsJSON } = await response.json()
  const given =
    form.dataset.passkey === 'use'
      ? await startAuthentication({ optionsJSON })
      : await startRegistration({ optionsJSON })
  form.elements.challenge.value = challenge
  form.elements.answer.value = JSON.stringify(given)
}

if (browserSupportsWebAuthn()) {
  for (const words of document.querySelectorAll('[data-passkey-without]')) words.hidden = true
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false
    // An answer counts once: going back asks again.
    window.addEventListener('pageshow', () => (form.elements.answer.value = ''))
    const failed = form.querySelector('[data-passkey-failed]')
    form.addEventListener('submit', (event) => {
      const name = form.elements.name
      // Without a name the server says what is missing, before anybody is asked for a finger.
      if (form.elements.answer.value || (name instanceof HTMLInputElement && !name.value.trim())) return
      event.preventDefault()
      event.stopPropagation()
      failed.hidden = true
      answer(form).then(
        () => form.requestSubmit(),
        () => (failed.hidden = false),
      )
    })
  }
}
