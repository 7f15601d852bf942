import { FileText, Folder } from 'lucide-react'
import type { ReactElement } from 'react'
import { classNames } from '../../components/class-names.ts'
import { menuLine, menuSurface } from '../../components/menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { partKey, partName, type ScopePart } from './scope-parts.ts'

/** The id of one line, for `aria-activedescendant`. */
export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`
}

/** What an `@` in the question can choose; the keys are the composer's. */
export function ScopeOptions({
  listId,
  options,
  active,
  query,
  onChoose,
  onPoint,
}: {
  readonly listId: string
  readonly options: readonly ScopePart[]
  readonly active: number
  readonly query: string
  readonly onChoose: (part: ScopePart) => void
  readonly onPoint: (index: number) => void
}): ReactElement {
  const { t } = useTranslate()
  return (
    <div
      data-testid="scope-options"
      className={`${menuSurface} absolute bottom-full left-0 z-30 mb-1.5 max-h-72 w-full max-w-[420px] overflow-y-auto`}
    >
      {options.length === 0 ? (
        <p role="status" className="px-2.5 py-1.5 text-[13px] text-soft">
          {t('scope.no-options', { text: query })}
        </p>
      ) : (
        <div id={listId} role="listbox" aria-label={t('scope.options')}>
          {options.map((option, index) => {
            const Icon = option.type === 'collection' ? Folder : FileText
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the composer's, which keeps the focus
              <div
                key={partKey(option)}
                id={optionId(listId, index)}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                ref={(line) => {
                  if (index === active) line?.scrollIntoView({ block: 'nearest' })
                }}
                onPointerMove={() => onPoint(index)}
                // The question keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChoose(option)}
                className={classNames(menuLine, index === active && 'bg-wash')}
              >
                <Icon size={14} aria-hidden className="shrink-0 text-soft" />
                <span className="min-w-0 truncate">{partName(t, option)}</span>
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}
