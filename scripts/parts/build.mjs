// Step 6: electron-vite's build, only when something that it reads has changed.
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { withLock } from './exclusive-lock.mjs'
import { Failure } from './failure.mjs'
import { inProject, projectKey, projectRoot } from './places.mjs'
import { runCommand } from './run-command.mjs'
import { computeSourceStamp } from './source-stamp.mjs'
import { writeWhole } from './verified-files.mjs'

const stampFile = inProject('out', '.built-from')
const outputs = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html']

/** Builds into out/ when the sources changed or an output is missing. */
export async function ensureBuilt(electron, progress) {
  if (await isUpToDate()) return
  await withLock(`project-${projectKey()}`, progress, async () => {
    if (await isUpToDate()) return
    await rm(stampFile, { force: true }) // a build that breaks off half-way must not look finished
    // Taken before the build: a file saved meanwhile makes the next start build again.
    const stamp = await computeSourceStamp()
    const result = await progress.step('Building', () => build(electron))
    const missing = outputs.find((path) => !existsSync(inProject(path)))
    if (result.code !== 0 || missing) {
      progress.say(result.output.trimEnd())
      throw new Failure(
        `The build failed${result.code === 0 ? ` (it wrote no ${missing})` : ''}: correct what is named above, then run this again.`,
      )
    }
    await writeWhole(stampFile, stamp)
  })
}

function build(electron) {
  const env = { ...process.env, ELECTRON_EXEC_PATH: electron.binary, NO_COLOR: '1' }
  delete env.ELECTRON_RUN_AS_NODE
  const program = inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  return runCommand(process.execPath, [program, 'build'], { cwd: projectRoot, env, timeoutMs: 15 * 60_000 })
}

async function isUpToDate() {
  if (!outputs.every((path) => existsSync(inProject(path)))) return false
  const built = await readFile(stampFile, 'utf8').catch(() => '')
  return built === (await computeSourceStamp())
}
