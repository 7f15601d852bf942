import { type DocumentId, documentIdSchema } from '../../../shared/ids.ts'

/** What a dragged row of the library carries. Readable only when it is let go, so what is dragged is known by its type alone. */
const dragType = 'application/x-carrel-documents'
const mostDragged = 500

export function carriesDocuments(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes(dragType) ?? false
}

/** Ids, a line each. */
export function putDocuments(transfer: DataTransfer, documentIds: readonly DocumentId[]): void {
  transfer.setData(dragType, documentIds.join('\n'))
  transfer.effectAllowed = 'copy'
}

/** Empty where another program made up something else. */
export function takeDocuments(transfer: DataTransfer): readonly DocumentId[] {
  return transfer
    .getData(dragType)
    .split('\n', mostDragged)
    .flatMap((line) => {
      const id = documentIdSchema.safeParse(line)
      return id.success ? [id.data] : []
    })
}
