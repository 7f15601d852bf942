import { resolve } from 'node:path'
import type { Carrel } from '../main/compose.ts'
import {
  type EmbedderRecord,
  type EmbeddersStatus,
  estimateReindex,
  folderChoicesSchema,
  type LanguageGroup,
} from '../shared/embedder.ts'
import { AppError } from '../shared/errors.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import type { AddChoices } from './embedder-arguments.ts'

const groupNames: Readonly<Record<LanguageGroup, string>> = { chinese: 'Chinese', other: 'English and all others' }

/** What answers for which language, what is being built, what else there is, and what fits badly. */
export async function listEmbedders(carrel: Carrel, { output, isJson }: CommandOptions): Promise<ExitCode> {
  const status = carrel.embedderChoice.status()
  if (isJson) {
    await output.json(status)
    return exitCodes.done
  }
  for (const { group, embedderId, passages, next, misfit } of status.groups) {
    await output.line(`${groupNames[group]}: ${nameOf(status, embedderId)}, ${passages} passages`)
    if (next !== null) {
      await output.line(
        `  being built: ${nameOf(status, next.embedderId)}, ${next.donePassages} of ${next.totalPassages} passages`,
      )
      if (next.problem !== null) output.remark(`  it does not go on: ${next.problem.message}`)
    }
    if (misfit !== null)
      output.remark(
        `  ${misfit.passages} passages are in languages it was not made for (${misfit.languages.slice(0, 5).join(', ')}): they are found by their words, hardly by their meaning. Add an embedder for many languages and use it here.`,
      )
  }
  await output.line('')
  for (const { id, identity, languages } of status.embedders) {
    const { source, name, dimensions } = identity
    const origin = source === 'board' ? 'on board' : source === 'folder' ? 'from a folder' : 'of Ollama'
    await output.line(`${id.padEnd(24)}  ${name}, ${origin}, ${dimensions} dimensions, ${languages}`)
  }
  return exitCodes.done
}

/** Copies and tries it. What its configuration does not say has to be said. */
export async function addFolderEmbedder(
  carrel: Carrel,
  { folder, choices }: { readonly folder: string; readonly choices: AddChoices },
  options: CommandOptions,
): Promise<ExitCode> {
  const path = resolve(folder)
  const proposal = await carrel.embedderChoice.propose(path)
  const pooling = choices.pooling ?? proposal.pooling
  const limitTokens = choices.limitTokens ?? proposal.limitTokens
  if (pooling === null)
    throw new AppError('invalid-request', 'Its configuration does not say how it pools. Add --pooling mean or cls.')
  if (limitTokens === null)
    throw new AppError('invalid-request', 'Its configuration names no limit. Add --limit with its tokens, such as 512.')
  const parsed = folderChoicesSchema.safeParse({
    name: choices.name ?? proposal.name,
    pooling,
    limitTokens,
    questionPrefix: choices.questionPrefix ?? proposal.questionPrefix,
    passagePrefix: choices.passagePrefix ?? proposal.passagePrefix,
    languages: choices.languages ?? proposal.languages ?? 'many',
  })
  if (!parsed.success)
    throw new AppError('invalid-request', 'A name has at most 100 characters, a prefix at most 200. Shorten it.', {
      cause: parsed.error,
    })
  return added(await carrel.embedderChoice.addFolder(path, parsed.data, options), options)
}

export async function addOllamaEmbedder(
  carrel: Carrel,
  { model, choices }: { readonly model: string; readonly choices: AddChoices },
  options: CommandOptions,
): Promise<ExitCode> {
  const { questionPrefix, passagePrefix, languages } = choices
  const record = await carrel.embedderChoice.addOllama(
    {
      model,
      questionPrefix: questionPrefix ?? '',
      passagePrefix: passagePrefix ?? '',
      languages: languages ?? 'many',
    },
    options,
  )
  return added(record, options)
}

async function added(record: EmbedderRecord, { output, isJson }: CommandOptions): Promise<ExitCode> {
  if (isJson) await output.json(record)
  else
    await output.line(
      `added: ${record.id}, ${record.identity.name}, ${record.identity.dimensions} dimensions. Use it with: carrel embedders use ${record.id} --for other`,
    )
  return exitCodes.done
}

export async function removeEmbedder(carrel: Carrel, embedder: string, { output }: CommandOptions): Promise<ExitCode> {
  const { id } = findEmbedder(carrel, embedder)
  await carrel.embedderChoice.remove(id)
  await output.line(`removed: ${id}`)
  return exitCodes.done
}

/** Builds the new index and waits for it. Ctrl-C leaves what is built for `carrel reindex`. */
export async function useEmbedder(
  carrel: Carrel,
  { embedder, groups }: { readonly embedder: string; readonly groups: readonly LanguageGroup[] },
  options: CommandOptions,
): Promise<ExitCode> {
  const record = findEmbedder(carrel, embedder)
  for (const group of groups) await begin(carrel, group, record, options)
  return waitForIndex(carrel, options)
}

/** Goes on with what is being built; where nothing is, the present index is made anew. */
export async function reindex(
  carrel: Carrel,
  { groups, isCancelling }: { readonly groups: readonly LanguageGroup[]; readonly isCancelling: boolean },
  options: CommandOptions,
): Promise<ExitCode> {
  const choice = carrel.embedderChoice
  const building = buildingOf(choice.status())
  if (isCancelling) {
    for (const group of groups) await choice.cancel(group)
    await options.output.line(
      building.some((group) => groups.includes(group)) ? 'cancelled: the old index stays' : 'nothing was being built',
    )
    return exitCodes.done
  }
  if (!building.some((group) => groups.includes(group)))
    for (const group of groups) {
      const status = choice.status()
      const serving = status.groups.find((one) => one.group === group)
      if (serving !== undefined) await begin(carrel, group, findEmbedder(carrel, serving.embedderId), options)
    }
  return waitForIndex(carrel, options)
}

async function begin(
  carrel: Carrel,
  group: LanguageGroup,
  record: EmbedderRecord,
  { output, isJson }: CommandOptions,
): Promise<void> {
  const status = carrel.embedderChoice.status()
  const passages = status.groups.find((one) => one.group === group)
  await carrel.embedderChoice.use(group, record.id)
  if (isJson || passages === undefined) return
  const { sizeBytes, seconds } = estimateReindex(passages, record, status.processes)
  output.remark(
    `${groupNames[group]}: ${passages.passages} passages by ${record.identity.name}, about ${Math.max(1, Math.ceil(sizeBytes / 1e6))} MB, about ${Math.max(1, Math.ceil(seconds / 60))} min. The old index answers until then.`,
  )
}

async function waitForIndex(carrel: Carrel, { output, isJson, signal }: CommandOptions): Promise<ExitCode> {
  let last = ''
  const stop = carrel.reindexer.onChange(() => {
    const lines = carrel.embedderChoice
      .status()
      .groups.flatMap(({ group, next }) =>
        next === null
          ? []
          : [
              `${groupNames[group]}: ${next.donePassages} of ${next.totalPassages} passages${next.secondsLeft === null ? '' : `, about ${Math.ceil(next.secondsLeft / 60)} min left`}`,
            ],
      )
    const text = lines.join('; ')
    if (text !== last && text !== '') output.progress(text)
    last = text
  })
  try {
    await carrel.reindexer.idle({ signal })
    await carrel.recutter.idle({ signal })
    // What was embedded in the moment of the switch is made again.
    await carrel.importer.idle({ signal })
  } finally {
    stop()
  }
  if (isJson) await output.json(carrel.embedderChoice.status())
  else await output.line('done: the new index answers')
  return exitCodes.done
}

function buildingOf({ groups }: EmbeddersStatus): readonly LanguageGroup[] {
  return groups.filter(({ next }) => next !== null).map(({ group }) => group)
}

function nameOf({ embedders }: EmbeddersStatus, id: string): string {
  return embedders.find((record) => record.id === id)?.identity.name ?? id
}

/** By id, the beginning of one, or name. @throws AppError `not-found`, `invalid-request` where several are meant */
function findEmbedder(carrel: Carrel, embedder: string): EmbedderRecord {
  const { embedders } = carrel.embedderChoice.status()
  const exact = embedders.find(({ id }) => id === embedder)
  const meant = embedders.filter(({ id, identity }) => id.startsWith(embedder) || identity.name === embedder)
  const [only, other] = exact === undefined ? meant : [exact]
  if (only === undefined)
    throw new AppError('not-found', `There is no embedder ${embedder}. See which there are with carrel embedders.`)
  if (other !== undefined)
    throw new AppError(
      'invalid-request',
      `${embedder} names several embedders. Give the id that carrel embedders shows.`,
    )
  return only
}
