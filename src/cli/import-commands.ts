import type { Carrel } from '../main/compose.ts'
import type { ImportProgress } from '../shared/import-progress.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { findDocuments } from './scope.ts'

/** Pauses import, or lets it go on; remembered by the library. Does not wait for what is left. */
export async function pauseImport(
  carrel: Carrel,
  isPaused: boolean,
  { output, isJson }: CommandOptions,
): Promise<ExitCode> {
  await carrel.handlers['library:pause']({ isPaused })
  const { progress } = carrel.importer
  if (isJson) await output.json(progress)
  else await output.line(`import ${describeImport(progress)}`)
  return exitCodes.done
}

/** Stops reading or embedding documents, by id or path; they stay in the library. */
export async function stopDocuments(
  carrel: Carrel,
  targets: readonly string[],
  { output, isJson }: CommandOptions,
): Promise<ExitCode> {
  const { ids, unknown } = await findDocuments(carrel, targets)
  for (const target of unknown) output.remark(`not found: ${target}. See carrel list for ids and paths.`)
  const stopped = carrel.importer.stop(ids)
  if (isJson) await output.json({ stopped, notFound: unknown.length })
  else await output.line(`${stopped} stopped`)
  return unknown.length > 0 ? exitCodes.failed : exitCodes.done
}

/** Reads again what failed for a reason that may have passed, and waits until it is done. */
export async function retryFailedDocuments(
  carrel: Carrel,
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const retried = await carrel.importer.retryFailed({ signal })
  await carrel.importer.idle({ signal })
  if (carrel.importer.isPaused) output.remark(pausedRemark)
  const failed = carrel.documents.totals().byState['needs-attention']
  if (isJson) await output.json({ retried, failed })
  else await output.line(`${retried} read again, ${failed} need attention`)
  return failed > 0 ? exitCodes.someFilesFailed : exitCodes.done
}

export const pausedRemark = 'Import is paused: nothing is read or embedded until it goes on. See carrel resume.'

/** In one line, for `status`. */
export function describeImport(progress: ImportProgress): string {
  const { isPaused, filesToRead, passagesToEmbed, documentsToCut, timeLeft } = progress
  const left =
    timeLeft === null ? [] : [`${timeLeft.isAtLeast ? 'at least' : 'about'} ${Math.ceil(timeLeft.seconds)} s left`]
  const anew = documentsToCut === 0 ? [] : [`${documentsToCut} documents to cut anew`]
  const work = [`${filesToRead} files to read`, `${passagesToEmbed} passages to embed`, ...anew, ...left].join(', ')
  return isPaused ? `paused, ${work}` : work
}
