// Loaded by Electron before the app (`-r`). Playwright attaches to a running app; a window that opens in the middle of
// that leaves it waiting for ever, about once in twenty-five starts. So `ready` is held back until Playwright, once
// attached, calls __playwright_run (which it always tries). Its own loader does the same, and also adds switches that
// would make the app quieter than it is.
const { app } = require('electron')

const whenReady = app.whenReady()
const emit = app.emit.bind(app)
const held = Promise.withResolvers()
let readyArguments = null
let isReady = false

app.emit = (event, ...rest) => {
  if (event !== 'ready') return emit(event, ...rest)
  readyArguments = rest
  return app.listenerCount('ready') > 0
}
app.isReady = () => isReady
app.whenReady = () => held.promise
globalThis.__playwright_run = async () => {
  await whenReady
  isReady = true
  held.resolve()
  emit('ready', ...(readyArguments ?? []))
}
