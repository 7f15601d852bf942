// npm start: the app; without a display, the same job shown in the terminal.
import { hasDisplay } from './parts/display.mjs'
import { appEnvironment, nodeEnvironment, requireSandbox, sandboxArguments } from './parts/electron-environment.mjs'
import { runLauncher } from './parts/failure.mjs'
import { inProject, projectRoot } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { runProgram } from './parts/run-program.mjs'

await runLauncher(async () => {
  const progress = createProgress()
  const electron = await prepareAndBuild(progress)
  const extra = process.argv.slice(2)
  if (!hasDisplay()) {
    progress.say(
      'There is no display here, so no window can open: Carrel shows what it does in this terminal, with a throw-away library.',
    )
    return runProgram(electron.binary, [inProject('out', 'main', 'cli.js'), 'demo', ...extra], {
      env: nodeEnvironment(),
    })
  }
  await requireSandbox(electron.binary)
  progress.note('Opening the window')
  const args = [...sandboxArguments(), projectRoot, ...extra]
  const crashAdvice =
    'check that the display can be used (DISPLAY, WAYLAND_DISPLAY and XAUTHORITY belong to you), then run this again'
  return runProgram(electron.binary, args, { cwd: projectRoot, env: appEnvironment(), crashAdvice })
})
