import { FilePlus2 } from 'lucide-react'
import { type ReactElement, useEffect } from 'react'
import { type CollectionId, collectionIdSchema } from '../../shared/ids.ts'
import { addDropped } from '../features/library/add-documents.ts'
import { assign, listedCollection } from '../features/library/assign-documents.ts'
import { collectionAttribute, useDrag } from '../features/library/drag-store.ts'
import { carriesDocuments, takeDocuments } from '../features/library/dragged-documents.ts'
import { useCollections } from '../features/library/collections-store.ts'
import { useTranslate } from '../i18n/translate.ts'

const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false

/** The collection that what is let go here goes to. */
function collectionUnder({ target }: DragEvent): CollectionId | null {
  const holder = target instanceof Element ? target.closest(`[${collectionAttribute}]`) : null
  const id = collectionIdSchema.safeParse(holder?.getAttribute(collectionAttribute))
  return id.success ? id.data : null
}

/** The whole window takes files, and collections take documents: while they are dragged, it says what letting go will do. */
export function DropTarget(): ReactElement | null {
  const { t } = useTranslate()
  const { dragged, overId } = useDrag()
  const over = useCollections(({ list }) => list.find(({ id }) => id === overId) ?? null)
  useEffect(() => {
    const listening = new AbortController()
    const options = { signal: listening.signal }
    const end = (): void => useDrag.setState({ dragged: null, overId: null })
    window.addEventListener(
      'dragenter',
      (event) => {
        const what = carriesFiles(event) ? 'files' : carriesDocuments(event.dataTransfer) ? 'documents' : null
        if (what === null) return
        event.preventDefault()
        const count = event.dataTransfer?.items.length ?? 0
        useDrag.setState({ dragged: { what, count }, overId: collectionUnder(event) })
      },
      options,
    )
    // `relatedTarget` null means that the pointer left the window, not merely an element in it.
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && end(), options)
    window.addEventListener('dragend', end, options)
    window.addEventListener(
      'dragover',
      (event) => {
        event.preventDefault()
        const takes = carriesFiles(event) || (carriesDocuments(event.dataTransfer) && collectionUnder(event) !== null)
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = takes ? 'copy' : 'none'
      },
      options,
    )
    window.addEventListener(
      'drop',
      (event) => {
        event.preventDefault()
        const collection = listedCollection(collectionUnder(event))
        end()
        const { dataTransfer } = event
        if (dataTransfer === null) return
        if (carriesFiles(event)) void addDropped(t, Array.from(dataTransfer.files), collection?.id ?? null)
        else if (collection !== null && carriesDocuments(dataTransfer))
          void assign(t, collection, takeDocuments(dataTransfer))
      },
      options,
    )
    return () => listening.abort()
  }, [t])
  if (dragged?.what !== 'files') return null
  return (
    <div
      className="fade pointer-events-none fixed inset-0 z-60 flex items-center justify-center bg-[color-mix(in_srgb,var(--wash)_82%,transparent)] p-4"
      data-testid="drop-target"
    >
      <div className="absolute inset-3 rounded-2xl border-2 border-dashed border-accent" />
      <div className="flex max-w-md flex-col items-center gap-2 rounded-xl bg-raised px-8 py-6 text-center shadow-float">
        <FilePlus2 size={28} aria-hidden className="text-accent" />
        <p className="text-[16px] leading-6 font-semibold wrap-anywhere">
          {over === null
            ? t('library.drop-here')
            : t('library.drop-into', { count: Math.max(1, dragged.count), name: over.name })}
        </p>
        <p className="text-soft">{t('library.drop-detail')}</p>
      </div>
    </div>
  )
}
