import { boardEmbedders, type BoardEmbedderId } from '../shared/board-embedders.ts'
import type { EmbedderRecord } from '../shared/embedder.ts'
import { AppError } from '../shared/errors.ts'
import type { EmbedderStore } from './ports/embedder-store.ts'
import type { Embedder, EmbedderId, VectorMaker } from './ports/embedding.ts'

interface MakeOptions {
  readonly priority: 'interactive' | 'background'
  readonly signal: AbortSignal
}

/** Who runs the embedders: the pool of processes those with files, Ollama its own. */
interface VectorMakerParts {
  readonly onBoard: (
    texts: readonly string[],
    options: MakeOptions & { readonly embedder: EmbedderId },
  ) => Promise<readonly Float32Array[]>
  readonly added: (
    texts: readonly string[],
    options: MakeOptions & { readonly record: EmbedderRecord },
  ) => Promise<readonly Float32Array[]>
  readonly byOllama: (
    texts: readonly string[],
    options: MakeOptions & { readonly model: string; readonly digest: string; readonly prefix: string },
  ) => Promise<readonly Float32Array[]>
}

/** Puts the prefix before each text, has it embedded by whoever can, and lets no vector of another width through. */
export function createVectorMaker({ onBoard, added, byOllama }: VectorMakerParts): VectorMaker {
  return async (record, texts, { purpose, priority, signal }) => {
    const { source, name, fileHash, questionPrefix, passagePrefix, dimensions } = record.identity
    const prefix = purpose === 'question' ? questionPrefix : passagePrefix
    const given = prefix === '' ? texts : texts.map((text) => prefix + text)
    const options = { priority, signal }
    const make = (): Promise<readonly Float32Array[]> => {
      if (source === 'folder') return added(given, { ...options, record })
      if (source === 'ollama') return byOllama(given, { ...options, model: name, digest: fileHash, prefix })
      if (!isOnBoard(record)) throw outdated(name)
      return onBoard(given, { ...options, embedder: record.id })
    }
    const vectors = await make()
    if (vectors.length !== texts.length || vectors.some(({ length }) => length !== dimensions))
      throw new AppError('embedding-failed', `The embedder ${name} gave vectors of another size. Add it again.`, {
        // No fault of the text.
        retryable: true,
        details: { reason: 'other-size', model: name },
      })
    return vectors
  }
}

/** True for what this version of Carrel brings, file for file. */
export function isOnBoard(record: EmbedderRecord): record is EmbedderRecord & { readonly id: BoardEmbedderId } {
  const own = Object.values(boardEmbedders).find(({ id }) => id === record.id)
  return own !== undefined && record.identity.fileHash === own.identity.fileHash
}

function outdated(name: string): AppError {
  return new AppError(
    'index-outdated',
    `The index was made by another version of ${name}. A new one is being made; until then words alone are searched.`,
    { details: { reason: 'embedder', model: name } },
  )
}

/** {@link Embedder} by whatever answers for a language at the moment of the call. A model server's turn comes after answers. */
export function createServingEmbedder(parts: {
  readonly embedders: Pick<EmbedderStore, 'serving'>
  readonly makeVectors: VectorMaker
  readonly pool: Pick<Embedder, 'processCount' | 'yieldToAnswers'>
}): Embedder {
  const { embedders, makeVectors, pool } = parts
  return {
    embed: (texts, { embedder, purpose = 'passage', priority, signal }) =>
      makeVectors(embedders.serving(embedder).record, texts, { purpose, priority, signal }),
    processCount: pool.processCount,
    yieldToAnswers: (isAnswering) => pool.yieldToAnswers(isAnswering),
  }
}
