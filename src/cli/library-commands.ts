import type { Carrel } from '../main/compose.ts'
import type { DocumentSummary } from '../shared/document.ts'
import { type ModelServerStatus, serverName } from '../shared/model-server.ts'
import { describeImport } from './import-commands.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { findDocuments, readScope, requireCollection } from './scope.ts'
import type { TypedScope } from './scope-arguments.ts'

const listPage = 500

/** One line (or JSON line) a document of the scope, whatever its state. */
export async function listDocuments(
  carrel: Carrel,
  typed: TypedScope,
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const scope = await readScope(carrel, typed)
  const collectionIds = new Set(scope.collections.map((name) => requireCollection(carrel, name).id))
  const documentIds = new Set(scope.documents)
  const [first] = collectionIds
  // One collection is a list of its own; anything else is picked out of the whole list.
  const collectionId = collectionIds.size === 1 && documentIds.size === 0 ? (first ?? null) : null
  const isWanted = ({ id, kind, collectionIds: memberOf }: DocumentSummary): boolean =>
    (collectionIds.size + documentIds.size === 0 ||
      documentIds.has(id) ||
      memberOf.some((member) => collectionIds.has(member))) &&
    (scope.kinds.length === 0 || (kind !== null && scope.kinds.includes(kind)))
  for (let offset = 0; ; offset += listPage) {
    signal.throwIfAborted()
    const { documents, total } = carrel.documents.list({ offset, limit: listPage, filter: '', collectionId })
    for (const document of documents.filter(isWanted)) {
      if (isJson) await output.json(document)
      else {
        const { id, state, name, problem } = document
        await output.line(
          `${id.slice(0, 16).padEnd(16)}  ${state.padEnd(15)}  ${name}${problem === null ? '' : `  (${problem.message})`}`,
        )
      }
    }
    if (offset + listPage >= total) return exitCodes.done
  }
}

/** By id, by the first 8 or more digits of one, or by path; anything that names nothing fails, the others are removed. */
export async function removeDocuments(
  carrel: Carrel,
  targets: readonly string[],
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const { ids, unknown } = await findDocuments(carrel, targets)
  for (const target of unknown) output.remark(`not found: ${target}. See carrel list for ids and paths.`)
  const removed = ids.length === 0 ? 0 : carrel.documents.remove(ids)
  // Their vectors go now, so that the data folder holds nothing of them when this ends.
  if (removed > 0) await carrel.importer.idle({ signal })
  if (isJson) await output.json({ removed, notFound: unknown.length })
  else await output.line(`${removed} removed`)
  return unknown.length > 0 ? exitCodes.failed : exitCodes.done
}

/** The library, the embedder, the model server. */
export async function showStatus(carrel: Carrel, { output, isJson, signal }: CommandOptions): Promise<ExitCode> {
  const app = await carrel.handlers['app:status']({})
  const models = await carrel.models.refresh({ signal, isDetailed: true })
  if (isJson) {
    await output.json({ ...app, models })
    return exitCodes.done
  }
  const { totals } = app
  await output.line(`data folder      ${app.dataFolder}`)
  await output.line(
    `documents        ${totals.documents} (${Object.entries(totals.byState)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')})`,
  )
  await output.line(`chunks           ${totals.chunks}, ${totals.embeddedChunks} embedded`)
  await output.line(`import           ${describeImport(app.importProgress)}`)
  if (app.importProblem !== null) await output.line(`import problem   ${app.importProblem.message}`)
  const { embedders, groups } = carrel.embedderChoice.status()
  const names = groups.map(
    ({ embedderId }) => embedders.find(({ id }) => id === embedderId)?.identity.name ?? embedderId,
  )
  await output.line(`embedders        ${names.join(', ')}; ${app.embedderProcesses} processes`)
  for (const line of describeModels(models)) await output.line(line)
  await output.line(`connections      ${app.connectionsOutside} outside this computer`)
  return exitCodes.done
}

/** The same that the app's card, status bar and list of models show. */
function describeModels(status: ModelServerStatus): readonly string[] {
  const { product, version, address, state, problem, models, chosenModel } = status
  const server =
    product === null ? null : `${serverName(product)}${version === null ? '' : ` ${version}`} at ${address}`
  return [
    `model server     ${[server, state === 'ready' ? null : (problem?.message ?? state)].filter((part) => part !== null).join(': ')}`,
    ...models.map(({ name, contextTokens, isLoaded }) => {
      const facts = [
        ...(name === chosenModel ? ['chosen'] : []),
        ...(contextTokens === null ? [] : [`${contextTokens} tokens`]),
        ...(isLoaded ? ['loaded'] : []),
      ]
      return `model            ${name}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`
    }),
  ]
}

/** SQLite is sound, and both stores agree. */
export async function verifyLibrary(carrel: Carrel, { output, isJson }: CommandOptions): Promise<ExitCode> {
  const report = await carrel.verify()
  if (isJson) await output.json(report)
  else {
    await output.line(`${report.documents} documents, ${report.chunks} chunks, ${report.vectors} vectors`)
    for (const problem of report.problems) await output.line(`problem: ${problem}`)
    await output.line(report.problems.length === 0 ? 'clean' : `${report.problems.length} problems`)
  }
  return report.problems.length === 0 ? exitCodes.done : exitCodes.failed
}
