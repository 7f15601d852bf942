// npm run package: a runnable folder of this platform in release/. npm run package -- --test: then proves it offline.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { platformBinary } from './parts/electron.mjs'
import { appEnvironment } from './parts/electron-environment.mjs'
import { fallbackFolder } from './parts/electron-fallback.mjs'
import { withLock } from './parts/exclusive-lock.mjs'
import { Failure, runLauncher } from './parts/failure.mjs'
import { folderSizeBytes, packageKind } from './parts/package-folder.mjs'
import { collectLicences, licencesFile } from './parts/package-licences.mjs'
import { testOffline } from './parts/package-offline.mjs'
import { inProject, projectKey, projectRoot } from './parts/places.mjs'
import { prepareAndBuild } from './parts/prepare.mjs'
import { createProgress } from './parts/progress.mjs'
import { reasonIn, runCommand } from './parts/run-command.mjs'

await runLauncher(async () => {
  const progress = createProgress()
  const args = process.argv.slice(2)
  const unknown = args.find((argument) => argument !== '--test')
  if (unknown !== undefined)
    throw new Failure(`"${unknown}" is not known here: use "npm run package" or "npm run package -- --test".`)
  const kind = packageKind()
  const electron = await prepareAndBuild(progress)
  await withLock(`package-${projectKey()}`, progress, () => makePackage(kind, electron, progress))
  const sizeMb = Math.round((await folderSizeBytes(kind.folder)) / 1e6)
  progress.say(`\nCarrel for this platform: ${kind.folder} (${sizeMb} MB)`)
  progress.say(`  the window: ${join(kind.folder, kind.window)}\n  the terminal: ${join(kind.folder, kind.terminal)}`)
  if (isFallback(electron))
    progress.say(
      `  For tests on this machine only, not for publishing: its Electron is the ${electron.version} from npm. Publish what was packaged with the official download.`,
    )
  if (!args.includes('--test')) return 0
  progress.say('\n== offline test of the package')
  return (await testOffline(kind.folder, progress)) ? 0 : 1
})

async function makePackage(kind, electron, progress) {
  await mkdir(dirname(licencesFile), { recursive: true })
  await writeFile(licencesFile, await collectLicences())
  const program = inProject('node_modules', 'electron-builder', 'out', 'cli', 'cli.js')
  const args = [
    program,
    kind.flag,
    '--dir',
    `--${process.arch}`,
    '--publish=never',
    `--config=${inProject('electron-builder.yml')}`,
    `-c.electronDist=${unpackedElectron(electron.binary)}`,
    `-c.electronVersion=${electron.version}`,
  ]
  // A folder for this machine is not signed with anybody's name.
  const env = { ...appEnvironment(), CSC_IDENTITY_AUTO_DISCOVERY: 'false' }
  const { code, output } = await progress.step('Packaging', () =>
    runCommand(process.execPath, args, { cwd: projectRoot, env, timeoutMs: 15 * 60_000 }),
  )
  if (code === 0) return
  progress.say(output.trimEnd())
  throw new Failure(
    `The package could not be made (${reasonIn(output)}): correct what is named above, then run this again.`,
  )
}

// The folder that holds Electron as it comes out of its archive; on macOS the binary is deep inside.
function unpackedElectron(binary) {
  return binary.slice(0, -platformBinary().length - 1)
}

function isFallback({ binary }) {
  return dirname(binary) === fallbackFolder()
}
