// electron-builder's hook, before fuses and signatures: what the app folder must not have goes, what it must have is there.
import { access, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.mjs'

const required = [
  'app.asar',
  'models/all-MiniLM-L6-v2/onnx/model_quantized.onnx',
  'models/bge-small-zh-v1.5/onnx/model_quantized.onnx',
  'models/ocr/eng.traineddata.gz',
  'models/ocr/chi_sim.traineddata.gz',
  'samples/questions.json',
]

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources')
      : join(appOutDir, 'resources')
  // Electron's own start page; electron-builder leaves it there when it is given an unpacked Electron.
  await rm(join(resources, 'default_app.asar'), { force: true })
  for (const path of required) {
    await access(join(resources, path)).catch((cause) => {
      throw new Failure(`The package has no ${path}: delete release/, run "npm start" once, then run this again.`, {
        cause,
      })
    })
  }
}
