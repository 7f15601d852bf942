import { create } from 'zustand'
import type { DocumentSummary } from '../../../shared/document.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { DocumentId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'

/** A document whose password is being asked for. */
export interface LockedDocument {
  readonly id: DocumentId
  readonly name: string
}

/** `wrong`: this password does not open it. */
export type UnlockState = 'asking' | 'checking' | 'wrong'

interface UnlockStore {
  readonly document: LockedDocument | null
  readonly state: UnlockState
  readonly error: SerializedAppError | null
  /** Documents whose password was found here: their pages can be shown. */
  readonly opened: ReadonlySet<DocumentId>
  ask(document: LockedDocument): void
  /** A document came in that needs a password: asked for by itself, once, unless another question is open. */
  offer(documents: readonly DocumentSummary[]): void
  /** Tries a password. @returns whether it opens the document */
  tryPassword(password: string): Promise<boolean>
  close(): void
}

const asked = new Set<DocumentId>()

/** True for a document that a password would open. */
export function isLocked(document: Pick<DocumentSummary, 'problem'>): boolean {
  const { problem } = document
  const reason = problem?.details?.['reason']
  return problem?.code === 'encrypted-file' && (reason === 'password-needed' || reason === 'wrong-password')
}

/** The one dialog that asks for a password. What is typed is held by its field alone. */
export const useUnlock = create<UnlockStore>()((set, get) => ({
  document: null,
  state: 'asking',
  error: null,
  opened: new Set(),
  ask: ({ id, name }) => {
    asked.add(id)
    set({ document: { id, name }, state: 'asking', error: null })
  },
  offer: (documents) => {
    const locked = documents.filter((document) => isLocked(document) && !asked.has(document.id))
    for (const { id } of locked) asked.add(id)
    const [first] = locked
    const isOtherOpen = window.document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
    if (first !== undefined && get().document === null && !isOtherOpen) get().ask(first)
  },
  tryPassword: async (password) => {
    const { document } = get()
    if (document === null) return false
    set({ state: 'checking', error: null })
    const result = await request('library:unlock', { documentId: document.id, password })
    if (get().document?.id !== document.id) return false
    if (result.ok && result.value.opens) {
      set({ document: null, state: 'asking', opened: new Set([...get().opened, document.id]) })
      return true
    }
    set(result.ok ? { state: 'wrong' } : { state: 'asking', error: result.error })
    return false
  },
  close: () => set({ document: null, state: 'asking', error: null }),
}))
