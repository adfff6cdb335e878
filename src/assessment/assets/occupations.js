// Offers names of occupations while somebody types. Without it the same form leads to a page of results.

const pauseMs = 200
const fewestLetters = 3

for (const box of document.querySelectorAll('input[data-occupations]')) {
  const list = document.getElementById(box.getAttribute('list') ?? '')
  if (!list) continue
  let waiting
  let asked = ''
  box.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => void offer(box, list), pauseMs)
  })
  const offer = async () => {
    const typed = box.value.trim()
    if (typed.length < fewestLetters || typed === asked) return
    asked = typed
    try {
      const answer = await fetch(`/occupations/names.json?q=${encodeURIComponent(typed)}`)
      // A slow answer to what was typed before must not take the place of a newer one.
      if (!answer.ok || box.value.trim() !== typed) return
      const names = await answer.json()
      list.replaceChildren(...names.map((name) => Object.assign(document.createElement('option'), { value: name })))
    } catch {
      // The form works without.
    }
  }
}
