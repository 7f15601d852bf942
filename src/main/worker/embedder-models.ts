import { join } from 'node:path'
import { boardEmbedders } from '../../shared/board-embedders.ts'
import type { EmbedderRecord } from '../../shared/embedder.ts'
import type { EmbedderId } from '../ports/embedding.ts'

/** What a worker has to know of an embedder to run it. */
interface EmbedderModel {
  /** For messages. */
  readonly name: string
  /** How token vectors become one: as the model was trained. */
  readonly pooling: 'mean' | 'cls' | 'last'
  /** Null: not known before the first vector. */
  readonly dimensions: number | null
  /** What is longer is read in several pieces. */
  readonly limitTokens: number
  /** What the embedder wants before a text, one of them: repeated before each piece. */
  readonly prefixes: readonly string[]
  readonly fileHash: string
}

/** An embedder on board. Its files stand in `<models folder>/<id>/`. */
export interface BoardModel extends EmbedderModel {
  readonly id: EmbedderId
  readonly dimensions: number
}

/** An embedder that was added from a folder and copied into the data folder. */
export interface AddedModel extends EmbedderModel {
  /** Absolute; holds the files as model-folder.ts names them; `fileHash` is that of `hashModelFolder`. */
  readonly folder: string
}

export const embedderModels: Readonly<Record<EmbedderId, BoardModel>> = {
  'all-MiniLM-L6-v2': boardModel('all-MiniLM-L6-v2', 'mean'),
  'bge-small-zh-v1.5': boardModel('bge-small-zh-v1.5', 'cls'),
}

function boardModel(id: EmbedderId, pooling: 'mean' | 'cls'): BoardModel {
  const { name, dimensions, limitTokens, fileHash } = boardEmbedders[id].identity
  return { id, name, pooling, dimensions, limitTokens, prefixes: [], fileHash }
}

export const embedderIds = Object.keys(embedderModels) as readonly EmbedderId[]

/** The copy of an added embedder in `parent`, as a worker is told of it. */
export function addedModel({ id, identity }: EmbedderRecord, parent: string): AddedModel {
  const { name, pooling, dimensions, limitTokens, questionPrefix, passagePrefix, fileHash } = identity
  const prefixes = [...new Set([questionPrefix, passagePrefix])].filter((prefix) => prefix !== '')
  if (pooling === 'server') throw new Error(`${id} has no files of its own`)
  return { folder: join(parent, id), fileHash, name, pooling, dimensions, limitTokens, prefixes }
}
