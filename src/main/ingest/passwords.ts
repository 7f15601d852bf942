import type { DocumentId } from '../../shared/ids.ts'

/** Each costs a moment on every locked file. */
const mostOffered = 8

/**
 * Passwords of this session: in memory alone, never written, never logged. A password that was given for one file is tried on
 * the other locked ones too, because people protect a folder of files with one.
 */
export interface Passwords {
  /** What to try on a document, the likeliest first. */
  candidates(documentId: DocumentId): readonly string[]
  /** A password that may open files, whichever. */
  offer(password: string): void
  /** This one opens this document. */
  remember(documentId: DocumentId, password: string): void
  /** What opens this document; null where that is not known (any more). */
  of(documentId: DocumentId): string | null
}

export function createPasswords(): Passwords {
  const known = new Map<DocumentId, string>()
  let offered: readonly string[] = []
  const offer = (password: string): void => {
    offered = [password, ...offered.filter((other) => other !== password)].slice(0, mostOffered)
  }
  return {
    offer,
    candidates: (documentId) => [
      ...new Set([...(known.has(documentId) ? [known.get(documentId) ?? ''] : []), ...offered]),
    ],
    remember(documentId, password) {
      known.set(documentId, password)
      offer(password)
    },
    of: (documentId) => known.get(documentId) ?? null,
  }
}
