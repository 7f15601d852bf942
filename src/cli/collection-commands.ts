import type { Carrel } from '../main/compose.ts'
import type { CollectionAction } from './scope-arguments.ts'
import { type CommandOptions, type ExitCode, exitCodes } from './command-options.ts'
import { findDocuments, requireCollection } from './scope.ts'
import { collectionIdSchema } from '../shared/ids.ts'

/** Lists collections or changes one; documents that are not found fail, the others are moved. */
export async function changeCollections(
  carrel: Carrel,
  command: CollectionAction,
  options: CommandOptions,
): Promise<ExitCode> {
  const { collections } = carrel
  const { output, isJson } = options
  const say = async (text: string, facts: unknown): Promise<ExitCode> => {
    if (isJson) await output.json(facts)
    else await output.line(text)
    return exitCodes.done
  }
  switch (command.action) {
    case 'list':
      for (const collection of collections.list()) {
        if (isJson) await output.json(collection)
        else await output.line(`${String(collection.documentCount).padStart(7)}  ${collection.name}`)
      }
      return exitCodes.done
    case 'create': {
      const created = collections.create(command.collection)
      return say(`created ${created.name}`, created)
    }
    case 'rename': {
      const { id } = requireCollection(carrel, command.collection)
      collections.rename(id, command.newName)
      const renamed = requireCollection(carrel, id)
      return say(`renamed to ${renamed.name}`, renamed)
    }
    case 'delete': {
      const deleted = requireCollection(carrel, command.collection)
      collections.delete(deleted.id)
      return say(
        `deleted ${deleted.name}; its documents stay. For 30 days: carrel collections restore ${deleted.id}`,
        deleted,
      )
    }
    case 'restore': {
      const id = collectionIdSchema.safeParse(command.collection)
      if (id.success) collections.restore(id.data)
      const restored = requireCollection(carrel, command.collection)
      return say(`restored ${restored.name}`, restored)
    }
    case 'add':
    case 'remove':
      return moveDocuments(carrel, command, options)
  }
}

/** Documents moved in one step. */
const movedAtOnce = 500

async function moveDocuments(
  carrel: Carrel,
  command: Extract<CollectionAction, { action: 'add' | 'remove' }>,
  { output, isJson, signal }: CommandOptions,
): Promise<ExitCode> {
  const { id } = requireCollection(carrel, command.collection)
  const { ids, unknown } = await findDocuments(carrel, command.targets)
  for (const target of unknown) output.remark(`not found: ${target}. See carrel list for ids and paths.`)
  const move = command.action === 'add' ? carrel.collections.addDocuments : carrel.collections.removeDocuments
  let moved = 0
  for (let from = 0; from < ids.length; from += movedAtOnce) {
    signal.throwIfAborted()
    moved += move(id, ids.slice(from, from + movedAtOnce))
  }
  if (isJson) await output.json({ moved, notFound: unknown.length })
  else await output.line(`${moved} ${command.action === 'add' ? 'added' : 'removed'}`)
  return unknown.length > 0 ? exitCodes.failed : exitCodes.done
}
