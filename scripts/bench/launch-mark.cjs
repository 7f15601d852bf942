// Loaded by Electron before the app (`-r`): tells the bench when a person could begin. It looks from outside, by a script in
// the page that watches the page's own elements; nothing waits for it.
const { app } = require('electron')

const documents = Number(process.env.CARREL_BENCH_DOCUMENTS)

// The composer is there and takes a typed word; the library has answered, and its rows are drawn (or the app knows that there is none).
const script = `new Promise((resolve) => {
  const isReady = () => {
    const composer = document.querySelector('[data-testid="composer"]')
    if (composer === null || composer.disabled || document.activeElement !== composer) return false
    return ${documents} === 0 || document.querySelector('[data-testid="document-row"]') !== null
  }
  const answered = window.api.request('app:status', {})
  const watch = () => {
    if (!isReady()) return requestAnimationFrame(watch)
    answered.then((result) => resolve(result.ok ? result.value.totals.documents : -1))
  }
  watch()
})`

const typed = `new Promise((resolve) => {
  const look = () => document.querySelector('[data-testid="composer"]').value === 'a' ? resolve() : requestAnimationFrame(look)
  look()
})`

async function watch(contents) {
  try {
    const found = await contents.executeJavaScript(script)
    if (found !== documents) throw new Error(`the library has ${found} documents in place of ${documents}`)
    await contents.insertText('a')
    await contents.executeJavaScript(typed)
    process.stdout.write('bench-interactive\n')
  } catch (error) {
    process.stdout.write(`bench-failed ${error.message}\n`)
  }
}

app.on('web-contents-created', (_event, contents) => {
  contents.once('dom-ready', () => void watch(contents))
})
