import { isAbortError } from '../../shared/errors.ts'
import type { ChunkId } from '../../shared/ids.ts'
import type { Passage } from '../../shared/passage.ts'
import type { CitedSource } from '../evidence/check-claim.ts'
import type { Meaning } from '../evidence/match-claim.ts'
import { type ReadClaim, readClaim, type ReadSource, readSource, type WritingSystem } from '../evidence/read-source.ts'
import type { Embedder, EmbedderId } from '../ports/embedding.ts'
import type { Log } from '../ports/log.ts'

/** The passages of one answer, read for the check, with the vectors of their sentences. */
export interface AnswerEvidence {
  /** A sentence of the answer beside every passage, in their order. Waits for vectors; each text is embedded once. @throws the signal's reason on abort */
  compare(sentence: string): Promise<Comparison>
  readonly passages: readonly EvidencePassage[]
}

export type EvidencePassage = Pick<Passage, 'start' | 'text' | 'documentName' | 'title' | 'headingPath'> & {
  readonly id: ChunkId
}

export interface Comparison {
  readonly claim: ReadClaim
  /** By passage. */
  readonly sources: readonly CitedSource[]
}

/** Begins to embed the sentences of an answer's passages, so that they are there when the answer is written. */
export interface OpenEvidence {
  (passages: readonly EvidencePassage[], options: { readonly signal: AbortSignal }): AnswerEvidence
}

const embedders: Readonly<Record<WritingSystem, EmbedderId | null>> = {
  chinese: 'bge-small-zh-v1.5',
  latin: 'all-MiniLM-L6-v2',
  other: null,
}
/** An embedder reads no more of a sentence. UTF-16 units. */
const longestEmbedded = 1200

/**
 * One passage a call to the embedders, so that a question from elsewhere gets its turn in between. Where they fail, words alone
 * decide and the log says so: an answer never fails for its check. Abort drops what is queued.
 */
export function createEvidenceReader({
  embedder,
  log,
}: {
  readonly embedder: Embedder
  readonly log: Log
}): OpenEvidence {
  return (passages, { signal }) => {
    const sources = passages.map((passage) => readSource(passage))
    let isFailed = false
    const embed = async (texts: readonly string[], id: EmbedderId): Promise<readonly Float32Array[] | null> => {
      if (isFailed || signal.aborted || texts.length === 0) return null
      try {
        const cut = texts.map((text) => text.slice(0, longestEmbedded))
        return await embedder.embed(cut, { embedder: id, priority: 'interactive', signal })
      } catch (error) {
        if (signal.aborted || isAbortError(error)) return null
        isFailed = true
        log.warn('the citation check goes on without meaning: its sentences could not be embedded', error)
        return null
      }
    }
    const embedSources = async (): Promise<readonly (readonly Float32Array[] | null)[]> => {
      const vectors: (readonly Float32Array[] | null)[] = []
      for (const { writing, sentences } of sources) {
        const id = embedders[writing]
        vectors.push(
          id === null
            ? null
            : await embed(
                sentences.map(({ text }) => text),
                id,
              ),
        )
      }
      return vectors
    }
    const sourceVectors = embedSources()
    const compared = new Map<string, Promise<Comparison>>()

    const compare = async (sentence: string): Promise<Comparison> => {
      const claim = readClaim(sentence)
      const id = embedders[claim.writing]
      const vectors = await sourceVectors
      const [vector] = (id === null ? null : await embed([claim.text], id)) ?? []
      signal.throwIfAborted()
      return {
        claim,
        sources: sources.map((source, index) => ({
          source,
          meaning: meaningOf(claim, source, { id, vector, sentences: vectors[index] ?? null }),
        })),
      }
    }
    return {
      passages,
      compare(sentence) {
        const known = compared.get(sentence)
        if (known !== undefined) return known
        const comparing = compare(sentence)
        // Whoever asked hears of the abort; nobody else does.
        comparing.catch(() => undefined)
        compared.set(sentence, comparing)
        return comparing
      },
    }
  }
}

function meaningOf(
  claim: ReadClaim,
  source: ReadSource,
  {
    id,
    vector,
    sentences,
  }: {
    readonly id: EmbedderId | null
    readonly vector: Float32Array | undefined
    readonly sentences: readonly Float32Array[] | null
  },
): Meaning | null {
  if (id === null || vector === undefined || sentences === null || source.writing !== claim.writing) return null
  return { embedder: id, claim: vector, sentences }
}
