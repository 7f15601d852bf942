// node scripts/prepare.mjs: packages, models, Electron and its libraries; no build, nothing started.
import { runLauncher } from './parts/failure.mjs'
import { prepare } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'

await runLauncher(async () => {
  const electron = await prepare(createProgress())
  console.log(electron.binary)
})
