import { ArrowLeft, Download, PanelLeftOpen, Search } from 'lucide-react'
import { type ReactElement, useCallback, useMemo, useState } from 'react'
import type { Finding } from '../../../shared/findings.ts'
import { request } from '../../api.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { focusComposer } from '../../components/focus.ts'
import { isLeftShown, useLayout } from '../../components/layout-store.ts'
import { showFailure, showNotice } from '../../components/notices.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { ScopeMenu } from '../conversation/scope-menu.tsx'
import { useEvidence } from '../evidence/evidence-store.ts'
import { FindingsFilter } from './findings-filter.tsx'
import { shownFindings } from './findings-rows.ts'
import { useFindings } from './findings-store.ts'
import { FindingsSummaryLine } from './findings-summary.tsx'
import { SummariseButton } from './summarise-button.tsx'
import { FindingsTable } from './findings-table.tsx'

function PaneHeader(): ReactElement {
  const { t } = useTranslate()
  const close = useFindings((state) => state.close)
  const { isLeftOpen, setLeftOpen, windowWidth } = useLayout()
  const isEvidenceOpen = useEvidence((state) => state.subject !== null)
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-2 border-b border-line px-4">
      {!isLeftShown(isLeftOpen, isEvidenceOpen, windowWidth) && (
        <IconButton label={t('app.unfold-left')} onClick={() => setLeftOpen(true)}>
          <PanelLeftOpen size={16} aria-hidden />
        </IconButton>
      )}
      <IconButton
        label={t('findings.back')}
        onClick={() => {
          close()
          requestAnimationFrame(focusComposer)
        }}
      >
        <ArrowLeft size={16} aria-hidden />
      </IconButton>
      <h1 className="min-w-0 flex-1 truncate px-1 text-[14px] font-semibold">{t('findings.title')}</h1>
    </header>
  )
}

/** The field, and where is looked; Stop stands where Find was. */
function FindField(): ReactElement {
  const { t } = useTranslate()
  const { run, scope, look, setScope, stop } = useFindings()
  const [query, setQuery] = useState(run?.query ?? '')
  const isRunning = run?.state === 'running'
  return (
    <form
      role="search"
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        look(query)
      }}
    >
      <div className="field flex h-9 min-w-52 flex-1 items-center gap-2 rounded-lg border border-edge bg-raised px-3">
        <Search size={15} aria-hidden className="shrink-0 text-soft" />
        <input
          type="text"
          value={query}
          maxLength={1_000}
          data-testid="findings-field"
          data-pane-focus
          aria-label={t('findings.field')}
          placeholder={t('findings.placeholder')}
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the pane was opened to look for something
          autoFocus
          onChange={(event) => setQuery(event.target.value)}
          className="selectable min-w-0 flex-1 bg-transparent outline-none"
        />
      </div>
      <ScopeMenu
        scope={scope}
        onScope={(next) => {
          setScope(next)
          if (query.trim() !== '') look(query)
        }}
      />
      {isRunning ? (
        <Button look="danger" data-testid="findings-stop" onClick={stop} className="min-w-16">
          {t('composer.stop')}
          <kbd className="font-sans text-[12px] font-normal">Esc</kbd>
        </Button>
      ) : (
        <Button look="primary" type="submit" disabled={query.trim() === ''} className="min-w-16">
          {t('findings.find')}
        </Button>
      )}
    </form>
  )
}

/** The middle pane as a table: every document that mentions something. */
export function FindingsPane(): ReactElement {
  const { t, language } = useTranslate()
  const { run, view, chosen, setView, choose } = useFindings()
  const rows = run?.rows
  const shown = useMemo(() => shownFindings(rows ?? [], view, language), [rows, view, language])
  const tableKey = `findings ${run?.id ?? ''}`
  const openId = useEvidence(({ subject }) =>
    subject?.type === 'source' && subject.turnKey === tableKey
      ? (subject.items[subject.index]?.passage.id ?? null)
      : null,
  )
  const onOpen = useCallback(
    (line: number) => {
      const items = shown.map(({ passage }, index) => ({ passage, number: index + 1, isCited: true, claims: [] }))
      useEvidence.getState().setNearest(tableKey, items)
      void useEvidence.getState().openSource(tableKey, items, line)
    },
    [shown, tableKey],
  )
  const onChoose = useCallback(
    (findings: readonly Finding[], isChosen: boolean) =>
      choose(
        findings.map(({ passage }) => passage.documentId),
        isChosen,
      ),
    [choose],
  )
  const save = async (): Promise<void> => {
    if (run?.id == null) return
    const picked = chosen.size === 0 ? shown : shown.filter(({ passage }) => chosen.has(passage.documentId))
    const result = await request('findings:export', {
      id: run.id,
      documentIds: picked.map(({ passage }) => passage.documentId),
      title: run.summary?.subject ?? run.query,
      language,
    })
    if (!result.ok) showFailure(result.error)
    else if (result.value.isSaved) showNotice(t('findings.saved', { count: picked.length }))
  }
  const hasRows = run !== null && run.rows.length > 0
  const isEmpty = run?.state === 'done' && run.rows.length === 0
  return (
    <main
      data-pane="middle"
      tabIndex={-1}
      aria-label={t('findings.title')}
      className="relative flex h-full min-w-0 flex-col bg-surface outline-none"
    >
      <PaneHeader />
      <div className="flex shrink-0 flex-col gap-3 border-b border-line px-5 py-3.5">
        {/* Another query, asked from elsewhere, begins a new field. */}
        <FindField key={run?.query ?? ''} />
        {run?.error != null ? (
          <ErrorNote title={t('findings.failed')} error={run.error} />
        ) : (
          run !== null && <FindingsSummaryLine run={run} />
        )}
        {hasRows && (
          <div className="flex flex-wrap items-center gap-2">
            <FindingsFilter
              view={view}
              summary={run.summary}
              shown={shown.length}
              total={run.rows.length}
              onView={setView}
            />
            <div className="flex-1" />
            <SummariseButton run={run} shown={shown} />
            <Button data-testid="findings-csv" onClick={() => void save()}>
              <Download size={14} aria-hidden />
              {t('findings.csv')}
            </Button>
          </div>
        )}
      </div>
      {run?.state === 'running' && (
        <div className="h-0.5 shrink-0 bg-track" aria-hidden>
          <div
            className="h-full bg-accent transition-[width] duration-180 ease-out"
            style={{ width: `${Math.round(run.share * 100)}%` }}
          />
        </div>
      )}
      {hasRows ? (
        <FindingsTable
          rows={shown}
          total={run.rows.length}
          view={view}
          openId={openId}
          chosen={chosen}
          onOpen={onOpen}
          onChoose={onChoose}
          onView={setView}
        />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col items-center justify-center px-8 pb-16 text-center">
          {isEmpty && (
            <>
              <p className="text-[15px] font-semibold">{t('findings.none')}</p>
              <p className="mt-1 max-w-md leading-5.5 text-balance text-soft">{t('findings.none-detail')}</p>
            </>
          )}
          {run === null && (
            <>
              <p className="text-[15px] font-semibold">{t('findings.begin')}</p>
              <p className="mt-1 max-w-md leading-5.5 text-balance text-soft">{t('findings.begin-detail')}</p>
            </>
          )}
        </div>
      )}
    </main>
  )
}
