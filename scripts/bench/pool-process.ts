import { pipeline } from '@huggingface/transformers'
import { env } from '@huggingface/transformers'
import type { EmbedderId } from '../../src/main/ports/embedding.ts'
import { createModels } from '../../src/main/worker/models.ts'
import type { FromPool, PoolText, ToPool } from './pool-messages.ts'

/** One process of a bare pool: texts in, nothing stored, nothing sent back but that it is done. `argv`: models folder, kind. */
const [modelsFolder = '', kind = 'single'] = process.argv.slice(2)
const threads = kind === 'single' ? { intraOpNumThreads: 1, interOpNumThreads: 1 } : {}

const send = (message: FromPool): void => void process.send?.(message)

/** Carrel's own call of the model, one text a call: the fastest that is known (architecture, fact 7). */
const models = createModels(modelsFolder)
const embedSingly = async (texts: readonly PoolText[]): Promise<void> => {
  for (const { text, embedder } of texts) await models.embed(text, embedder)
}

/** The usual way: Transformers.js pipeline, batches in the order given, its own choice of threads. */
const extractors = new Map<EmbedderId, ReturnType<typeof load>>()
function load(embedder: EmbedderId) {
  env.localModelPath = modelsFolder
  return pipeline('feature-extraction', embedder, { dtype: 'q8', local_files_only: true, session_options: threads })
}
const embedTogether = async (texts: readonly PoolText[]): Promise<void> => {
  for (const [embedder, group] of Map.groupBy(texts, (text) => text.embedder)) {
    let extractor = extractors.get(embedder)
    if (extractor === undefined) extractors.set(embedder, (extractor = load(embedder)))
    const pooling = embedder === 'bge-small-zh-v1.5' ? 'cls' : 'mean'
    await (
      await extractor
    )(
      group.map(({ text }) => text),
      { pooling, normalize: true },
    )
  }
}

let work = Promise.resolve()
process.on('message', (message: ToPool) => {
  work = work.then(async () => {
    await (kind === 'single' ? embedSingly(message.texts) : embedTogether(message.texts))
    send({ type: 'done', count: message.texts.length })
  })
})
process.on('disconnect', () => process.exit(0))
