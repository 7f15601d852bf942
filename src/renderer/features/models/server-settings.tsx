import { type ReactElement, useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { ErrorNote } from '../../components/error-note.tsx'
import { useLayout } from '../../components/layout-store.ts'
import type { SerializedAppError } from '../../../shared/errors.ts'
import type { ModelServerStatus } from '../../../shared/model-server.ts'
import type { Settings } from '../../../shared/settings.ts'
import { errorText } from '../../i18n/error-text.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'
import { Group, Row } from '../settings/setting-row.tsx'
import { modelFacts } from './model-facts.ts'
import { PullProgress } from './pull-progress.tsx'

const shownAddress = (address: string): string => address.replace(/^http:\/\//, '')

function foundText(t: Translate, status: ModelServerStatus | null): string {
  if (status === null) return t('status.checking')
  if (status.product === null || status.address === null) {
    return status.problem === null ? t('status.no-server') : errorText(t, status.problem)
  }
  const values = { server: t(`server.${status.product}`), address: shownAddress(status.address) }
  return status.version === null
    ? t('settings.server-found', values)
    : t('settings.server-found-version', { ...values, version: status.version })
}

/** Which server, where it is, and what it has. */
export function ServerSettings({ settings }: { readonly settings: Settings }): ReactElement {
  const { t } = useTranslate()
  const { status, setServer, loadDetails } = useModels()
  const isAuto = settings.modelServer === 'auto'
  const [isTyping, setTyping] = useState(false)
  const [typed, setTyped] = useState(isAuto ? '' : shownAddress(settings.modelServer))
  const [error, setError] = useState<SerializedAppError | null>(null)
  useEffect(() => {
    void loadDetails()
  }, [loadDetails])
  const use = async (address: string): Promise<void> => {
    const refused = await setServer(address)
    setError(refused)
    if (refused === null) setTyping(false)
  }
  return (
    <Group title={t('settings.server')}>
      <Row label={t('settings.server-where')} detail={foundText(t, status)}>
        <Choice
          label={t('settings.server-where')}
          value={isAuto && !isTyping ? 'auto' : 'own'}
          onChange={(value) => {
            setTyping(value === 'own')
            setError(null)
            if (value === 'auto' && !isAuto) void use('auto')
          }}
          options={[
            { value: 'auto', text: t('settings.server-auto') },
            { value: 'own', text: t('settings.server-own') },
          ]}
        />
      </Row>
      {(isTyping || !isAuto) && (
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void use(typed)
          }}
        >
          <input
            aria-label={t('settings.server-address')}
            placeholder="127.0.0.1:1234"
            value={typed}
            maxLength={200}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            className="selectable h-8 min-w-0 flex-1 rounded-lg border border-line bg-raised px-3 text-ink outline-none placeholder:text-soft field"
          />
          <Button type="submit" disabled={typed.trim() === ''}>
            {t('settings.server-use')}
          </Button>
        </form>
      )}
      {error !== null && <ErrorNote error={error} />}
      <ModelList status={status} />
    </Group>
  )
}

function ModelList({ status }: { readonly status: ModelServerStatus | null }): ReactElement | null {
  const { t, language } = useTranslate()
  const { setSettingsOpen, showDownload } = useLayout()
  if (status === null || status.product === null) return null
  const download = (): void => {
    setSettingsOpen(false)
    showDownload({ name: '' })
  }
  return (
    <>
      {status.models.length > 0 && (
        <ul aria-label={t('settings.models')} data-testid="model-list" className="rounded-lg border border-line">
          {status.models.map((model) => (
            <li key={model.name} className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-0">
              <div className="min-w-0 flex-1">
                <p className="truncate">{model.name}</p>
                <p className="tabular text-[12px] leading-[17px] text-soft">{modelFacts(t, language, model)}</p>
              </div>
              {model.isLoaded && (
                <span className="shrink-0 rounded-full bg-wash px-2 py-0.5 text-[12px] text-accent">
                  {t('models.loaded')}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {status.refusedModels.length > 0 && (
        <p className="text-[12px] leading-[17px] text-soft">
          {t('composer.refused', { names: status.refusedModels.join(', ') })}
        </p>
      )}
      <PullProgress />
      {status.product === 'ollama' ? (
        <div>
          <Button onClick={download}>{t('models.download')}</Button>
        </div>
      ) : (
        <p className="text-[12px] leading-[17px] text-soft">
          {t('settings.models-elsewhere', { server: t(`server.${status.product}`) })}
        </p>
      )}
    </>
  )
}
