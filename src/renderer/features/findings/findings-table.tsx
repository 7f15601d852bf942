import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactElement, useCallback, useRef } from 'react'
import type { Finding } from '../../../shared/findings.ts'
import { classNames } from '../../components/class-names.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useLineFocus } from '../conversation/use-line-focus.ts'
import { FindingRow } from './finding-row.tsx'
import type { FindingOrder, FindingsView } from './findings-rows.ts'

const rowHeight = 84
const columns =
  'grid grid-cols-[38px_minmax(120px,3fr)_minmax(0,7fr)] @min-[54rem]:grid-cols-[38px_minmax(150px,3fr)_minmax(0,5fr)_minmax(90px,1.6fr)_minmax(90px,1.6fr)_minmax(100px,1.8fr)]'

function Heading({
  order,
  text,
  view,
  isWide = false,
  onView,
}: {
  readonly order: FindingOrder
  readonly text: string
  readonly view: FindingsView
  /** Only where there is room for it. */
  readonly isWide?: boolean
  readonly onView: (view: Partial<FindingsView>) => void
}): ReactElement {
  // As found is no order that a column has.
  const isSorted = view.order === order && (order !== 'found' || view.isDescending)
  const Arrow = view.isDescending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={isSorted ? (view.isDescending ? 'descending' : 'ascending') : 'none'}
      className={classNames('min-w-0', isWide && 'hidden @min-[54rem]:block')}
    >
      <button
        type="button"
        onClick={() => onView({ order, isDescending: view.order === order && !view.isDescending })}
        className={classNames(
          'inline-flex h-8 max-w-full items-center gap-1 rounded text-[12px] font-semibold hover:text-ink',
          isSorted ? 'text-ink' : 'text-soft',
        )}
      >
        <span className="truncate">{text}</span>
        {isSorted && <Arrow size={12} aria-hidden className="shrink-0" />}
      </button>
    </div>
  )
}

/** The rows, drawn only where they are seen: one Tab stop, arrows move, Enter opens the passage, the space bar chooses. */
export function FindingsTable({
  rows,
  total,
  view,
  openId,
  chosen,
  onOpen,
  onChoose,
  onView,
}: {
  readonly rows: readonly Finding[]
  /** Of all rows, shown or not. */
  readonly total: number
  readonly view: FindingsView
  /** The passage that is open beside it. */
  readonly openId: string | null
  readonly chosen: ReadonlySet<string>
  readonly onOpen: (line: number) => void
  readonly onChoose: (findings: readonly Finding[], isChosen: boolean) => void
  readonly onView: (view: Partial<FindingsView>) => void
}): ReactElement {
  const { t } = useTranslate()
  const scrollRef = useRef<HTMLDivElement | null>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.passage.id ?? index,
    overscan: 8,
  })
  const scrollTo = useCallback((index: number) => virtual.scrollToIndex(index), [virtual])
  const focus = useLineFocus(scrollRef, { count: rows.length, isLine: () => true, scrollTo })
  const chooseOne = useCallback((finding: Finding, isChosen: boolean) => onChoose([finding], isChosen), [onChoose])
  const chosenCount = rows.reduce((count, { passage }) => count + (chosen.has(passage.documentId) ? 1 : 0), 0)
  const isWhole = rows.length > 0 && chosenCount === rows.length
  return (
    <div
      role="table"
      aria-label={t('findings.title')}
      aria-rowcount={rows.length + 1}
      data-testid="findings-table"
      data-total={total}
      className="@container flex min-h-0 flex-1 flex-col"
    >
      <div role="rowgroup" className="shrink-0 overflow-hidden border-b border-line [scrollbar-gutter:stable]">
        <div role="row" aria-rowindex={1} className={classNames(columns, 'items-center')}>
          <div role="columnheader" className="pl-4">
            <input
              type="checkbox"
              ref={(box) => {
                if (box !== null) box.indeterminate = chosenCount > 0 && !isWhole
              }}
              checked={isWhole}
              disabled={rows.length === 0}
              aria-label={t('findings.choose-all')}
              onChange={(event) => onChoose(rows, event.target.checked)}
              className="size-3.5 align-middle accent-(--accent)"
            />
          </div>
          <Heading order="name" text={t('findings.document')} view={view} onView={onView} />
          <Heading order="found" text={t('findings.quotation')} view={view} onView={onView} />
          <Heading order="dates" text={t('findings.dates')} view={view} isWide onView={onView} />
          <Heading order="amounts" text={t('findings.amounts')} view={view} isWide onView={onView} />
          <div role="columnheader" className="hidden truncate text-[12px] font-semibold text-soft @min-[54rem]:block">
            {t('findings.names')}
          </div>
        </div>
      </div>
      <div ref={scrollRef} role="presentation" className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]">
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const finding = rows[item.index]
            if (finding === undefined) return null
            const isOpen = finding.passage.id === openId
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                data-testid="finding"
                data-match={finding.match}
                role="row"
                aria-rowindex={item.index + 2}
                className={classNames(
                  columns,
                  'absolute top-0 left-0 w-full border-b border-line',
                  isOpen && 'bg-wash',
                )}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <FindingRow
                  finding={finding}
                  line={item.index}
                  isActive={focus.active === item.index}
                  isOpen={isOpen}
                  isChosen={chosen.has(finding.passage.documentId)}
                  onOpen={onOpen}
                  onChoose={chooseOne}
                  onFocus={focus.setActive}
                  onKeyDown={focus.onKeyDown}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
