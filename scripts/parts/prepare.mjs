// What every launcher needs before it can run anything, in order. Each step does nothing when its result is there.
import { ensureBuilt } from './build.mjs'
import { ensureElectron } from './electron.mjs'
import { ensureModels } from './models.mjs'
import { ensurePackages } from './packages.mjs'
import { ensureSharedLibraries } from './shared-libraries.mjs'

/** Steps 1 to 4. @returns Electron, as `ensureElectron` does */
export async function prepare(progress) {
  await ensurePackages(progress)
  await ensureModels(progress)
  const electron = await ensureElectron(progress)
  await ensureSharedLibraries(electron.binary, progress)
  return electron
}

/** Steps 1 to 4 and the build. @returns Electron, as `ensureElectron` does */
export async function prepareAndBuild(progress) {
  const electron = await prepare(progress)
  await ensureBuilt(electron, progress)
  return electron
}
