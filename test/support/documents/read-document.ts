import type { TextSlice } from '../../../src/shared/anchor.ts'
import { parseDocument } from '../../../src/main/ingest/parse/parse-document.ts'
import type { ParseEnd } from '../../../src/main/ingest/parse/parse-document.ts'
import { resolveParserResources } from '../../../src/main/ingest/parse/parser-resources.ts'
import { expectSound } from './expect-sound.ts'

export interface ReadDocument extends ParseEnd {
  readonly slices: readonly TextSlice[]
  readonly text: string
}

/** Parses a document to its end and checks that its slices are sound. */
export async function readDocument(
  name: string,
  bytes: Uint8Array,
  passwords: readonly string[] = [],
): Promise<ReadDocument> {
  const slices: TextSlice[] = []
  const parsing = parseDocument(
    { name, bytes, passwords, resources: resolveParserResources() },
    { signal: new AbortController().signal },
  )
  for (;;) {
    const step = await parsing.next()
    if (step.done === true) return { ...step.value, slices, text: expectSound(slices) }
    slices.push(step.value)
  }
}
