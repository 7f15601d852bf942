import { FilePlus2 } from 'lucide-react'
import { type ReactElement, useEffect, useState } from 'react'
import { addDropped } from '../features/library/add-documents.ts'
import { useTranslate } from '../i18n/translate.ts'

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** The whole window takes files: while they are dragged over it, it says what letting go will do. */
export function DropTarget(): ReactElement | null {
  const { t } = useTranslate()
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const listening = new AbortController()
    const options = { signal: listening.signal }
    // `relatedTarget` null means that the pointer left the window, not merely an element in it.
    window.addEventListener(
      'dragenter',
      (event) => carriesFiles(event) && (event.preventDefault(), setOver(true)),
      options,
    )
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), options)
    window.addEventListener(
      'dragover',
      (event) => {
        event.preventDefault()
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = carriesFiles(event) ? 'copy' : 'none'
      },
      options,
    )
    window.addEventListener(
      'drop',
      (event) => {
        event.preventDefault()
        setOver(false)
        void addDropped(t, Array.from(event.dataTransfer?.files ?? []))
      },
      options,
    )
    return () => listening.abort()
  }, [t])
  if (!isOver) return null
  return (
    <div
      className="fade pointer-events-none fixed inset-0 z-60 flex items-center justify-center bg-[color-mix(in_srgb,var(--wash)_82%,transparent)] p-4"
      data-testid="drop-target"
    >
      <div className="absolute inset-3 rounded-2xl border-2 border-dashed border-accent" />
      <div className="flex flex-col items-center gap-2 rounded-xl bg-raised px-8 py-6 text-center shadow-float">
        <FilePlus2 size={28} aria-hidden className="text-accent" />
        <p className="text-[16px] leading-6 font-semibold">{t('library.drop-here')}</p>
        <p className="text-soft">{t('library.drop-detail')}</p>
      </div>
    </div>
  )
}
