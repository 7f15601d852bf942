// npm run screenshots -- [--language=en|zh] [--only=NAME,...] [--readme]: draws every screen of the real app into screenshots/ to
// be looked at; with --readme only the pictures of docs/screenshots/, small enough to keep.
import { withSomeDisplay } from './parts/display.mjs'
import { nodeEnvironment, requireSandbox } from './parts/electron-environment.mjs'
import { runLauncher } from './parts/failure.mjs'
import { inProject, projectRoot } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runCommand } from './parts/run-command.mjs'

const limitMs = 60 * 60_000

await runLauncher(async () => {
  const progress = createProgress()
  const electron = await prepareAndBuild(progress)
  await requireSandbox(electron.binary)
  const args = [inProject('scripts', 'screenshots', 'main.ts'), ...process.argv.slice(2)]
  const { file, args: words } = await withSomeDisplay(electron.binary, args, progress, '3840x2160')
  const env = { ...nodeEnvironment(), CARREL_ELECTRON: electron.binary }
  const { code } = await runCommand(file, words, { cwd: projectRoot, env, output: 'show', timeoutMs: limitMs })
  return code
})
