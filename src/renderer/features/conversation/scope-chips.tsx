import { FileText, Filter, Folder, X } from 'lucide-react'
import type { ReactElement } from 'react'
import type { NamedScope } from '../../../shared/collection.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { partKey, partName, partsOf, type ScopePart } from './scope-parts.ts'

const icons = { collection: Folder, document: FileText, kind: Filter } as const

/** What is searched, when it is not everything; with `onRemove`, each can be taken away. */
export function ScopeChips({
  scope,
  label,
  onRemove,
}: {
  readonly scope: NamedScope
  readonly label: string
  readonly onRemove?: (part: ScopePart) => void
}): ReactElement {
  const { t } = useTranslate()
  return (
    <ul aria-label={label} data-testid="scope-chips" className="flex min-w-0 flex-wrap gap-1.5">
      {partsOf(scope).map((part) => {
        const Icon = icons[part.type]
        const name = partName(t, part)
        return (
          <li
            key={partKey(part)}
            className="inline-flex h-6 max-w-64 min-w-0 items-center gap-1.5 rounded-full bg-wash px-2.5 text-[12.5px] text-ink"
          >
            <Icon size={12} aria-hidden className="shrink-0 text-accent" />
            <span className="min-w-0 truncate">{name}</span>
            {onRemove !== undefined && (
              <button
                type="button"
                aria-label={t('scope.remove', { name })}
                onClick={() => onRemove(part)}
                className="-mr-1.5 inline-flex size-5 shrink-0 items-center justify-center rounded-full text-soft hover:bg-hover hover:text-ink"
              >
                <X size={12} aria-hidden />
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
