import type { ReactElement, ReactNode } from 'react'
import { classNames } from '../../components/class-names.ts'
import { hasImportWork } from '../../../shared/import-progress.ts'
import type { AppStatus } from '../../../shared/ipc.ts'
import type { ModelServerStatus } from '../../../shared/model-server.ts'
import { formatBytes, formatShare } from '../../i18n/format.ts'
import { type PageLanguage, type Translate, useTranslate } from '../../i18n/translate.ts'
import { timeLeftText } from '../library/import-text.ts'
import { isPulling, pullShare } from '../models/pull-progress.tsx'
import { useAppStatus } from './app-status-store.ts'
import { useModels } from './models-store.ts'

/** `idle`: nothing to do and nothing amiss; `quiet`: something is missing, and can wait. */
type Health = 'well' | 'idle' | 'busy' | 'quiet' | 'wrong'
const healthLook = {
  well: 'bg-accent',
  idle: 'bg-faint',
  busy: 'bg-warning breathe',
  quiet: 'bg-warning',
  wrong: 'bg-error',
} as const

function Fact({
  health,
  children,
  part,
}: {
  readonly health: Health
  readonly children: ReactNode
  readonly part: string
}): ReactElement {
  return (
    <span
      className={classNames('flex min-w-0 items-center gap-1.5', part === 'embedder' && 'max-[999px]:hidden')}
      data-part={part}
    >
      <span aria-hidden className={classNames('size-[7px] shrink-0 rounded-full', healthLook[health])} />
      <span className="truncate">{children}</span>
    </span>
  )
}

function serverText(t: Translate, language: PageLanguage, status: ModelServerStatus | null): string {
  if (status === null) return t('status.checking')
  if (status.product === null) return t('status.no-server')
  const name = t(`server.${status.product}`)
  const server =
    status.version === null
      ? t('status.server-plain', { server: name })
      : t('status.server', { server: name, version: status.version })
  const model = status.models.find(({ name }) => name === status.chosenModel)
  if (model === undefined) return `${server} · ${t('status.no-model')}`
  const shown =
    model.isLoaded && model.sizeBytes !== null
      ? t('status.model-loaded', { model: model.name, size: formatBytes(model.sizeBytes, language) })
      : t('status.model', { model: model.name })
  return `${server} · ${shown}`
}

function libraryText(t: Translate, language: PageLanguage, { totals, importProgress }: AppStatus): string {
  const waiting = (totals.byState.reading ?? 0) + (totals.byState.queued ?? 0)
  const attention = totals.byState['needs-attention'] ?? 0
  const left = timeLeftText(t, importProgress.timeLeft)
  return [
    t('status.documents', { count: totals.documents }),
    ...(totals.chunks > 0 ? [t('status.passages', { count: totals.chunks })] : []),
    ...(waiting > 0 ? [t('status.reading', { count: waiting })] : []),
    ...(importProgress.passagesToEmbed > 0 && totals.chunks > 0
      ? [t('status.embedding', { percent: formatShare(totals.embeddedChunks / totals.chunks, language) })]
      : []),
    ...(importProgress.isPaused ? [t('status.paused')] : left === null ? [] : [left]),
    ...(attention > 0 ? [t('status.attention', { count: attention })] : []),
  ].join(language === 'zh-CN' ? '，' : ', ')
}

function libraryHealth({ totals, importProgress }: AppStatus): Health {
  if ((totals.byState['needs-attention'] ?? 0) > 0) return 'quiet'
  if (importProgress.isPaused) return 'quiet'
  return hasImportWork(importProgress) ? 'busy' : totals.documents === 0 ? 'idle' : 'well'
}

function Connections({ status }: { readonly status: AppStatus }): ReactElement {
  const { t } = useTranslate()
  const { connectionsOutside, connectionsBlocked } = status
  return (
    <span
      className={classNames('shrink-0', connectionsOutside > 0 && 'font-semibold text-error')}
      data-part="connections"
    >
      {[
        ...(connectionsBlocked > 0 ? [t('status.blocked', { count: connectionsBlocked })] : []),
        t('status.outside', { count: connectionsOutside }),
      ].join(' · ')}
    </span>
  )
}

/** The line at the bottom: embedder, model server, index, and the proof that nothing left this computer. */
export function StatusBar(): ReactElement {
  const { t, language } = useTranslate()
  const status = useAppStatus((state) => state.status)
  const models = useModels((state) => state.status)
  const pull = useModels((state) => state.pull)
  const share = pull === null ? null : pullShare(pull)
  return (
    <footer
      data-testid="status-bar"
      aria-label={t('status.label')}
      className="tabular flex h-[30px] shrink-0 items-center gap-5 border-t border-line bg-paper px-4 text-[12px] whitespace-nowrap text-soft"
    >
      {status !== null && (
        <>
          <Fact health="well" part="embedder">
            {status.embedderProcesses > 0
              ? t('status.embedder', { count: status.embedderProcesses })
              : t('status.embedder-idle')}
          </Fact>
          <Fact health={models === null ? 'busy' : models.state === 'ready' ? 'well' : 'quiet'} part="model-server">
            {serverText(t, language, models)}
          </Fact>
          {pull !== null && isPulling(pull) && (
            <Fact health="busy" part="download">
              {[
                t(`pull.${pull.phase}`, { name: pull.name }),
                ...(share === null ? [] : [formatShare(share, language)]),
              ].join(' ')}
            </Fact>
          )}
          <Fact health={libraryHealth(status)} part="library">
            {libraryText(t, language, status)}
          </Fact>
          <span className="flex-1" />
          <Connections status={status} />
        </>
      )}
    </footer>
  )
}
