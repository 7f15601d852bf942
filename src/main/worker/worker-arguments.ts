import { isAbsolute } from 'node:path'
import { AppError } from '../../shared/errors.ts'

const modelsFlag = '--models='

/** What a worker process is started with. */
export function workerArguments(modelsFolder: string): readonly string[] {
  return [`${modelsFlag}${modelsFolder}`]
}

/** The folder of the models, from the arguments this process was started with. @throws AppError `internal` when it is not absolute. */
export function modelsFolderFromArguments(values: readonly string[]): string {
  const folder = values.find((value) => value.startsWith(modelsFlag))?.slice(modelsFlag.length) ?? ''
  if (!isAbsolute(folder)) throw new AppError('internal', 'A worker was started without an absolute folder of models.')
  return folder
}

/** Added to the environment of every worker: no telemetry of the runtime, one thread a process, no network. */
export const workerEnvironment: Readonly<Record<string, string>> = {
  ORT_DISABLE_TELEMETRY: '1',
  HF_HUB_OFFLINE: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  DO_NOT_TRACK: '1',
  OMP_NUM_THREADS: '1',
}
