import { type ReactElement, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { useLayout } from '../../components/layout-store.ts'
import { showFailure } from '../../components/notices.ts'
import { canAskModel, type ModelServerState, type ModelServerStatus } from '../../../shared/model-server.ts'
import { errorText } from '../../i18n/error-text.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import { isPulling, PullProgress } from '../models/pull-progress.tsx'
import { useModels } from '../settings/models-store.ts'

/** One sentence and the next step. */
function cardText(t: Translate, status: ModelServerStatus): string {
  if (status.state === 'not-installed') return t('model.not-installed')
  const sentence = status.problem === null ? '' : errorText(t, status.problem)
  return canAskModel(status) ? sentence : t('model.until-then', { sentence })
}

/** Where the next step is a setting: another address, a smaller context. */
const needsSettings: ReadonlySet<ModelServerState> = new Set(['wrong-port', 'refused', 'out-of-memory'])

const shownAddress = (address: string): string => address.replace(/^https?:\/\//, '')

/** The quiet card about the model server: what is wrong, what to do, and a way to look again. Nothing waits for it. */
export function ModelCard(): ReactElement | null {
  const { t } = useTranslate()
  const { status, isChecking, pull, check, setServer } = useModels()
  const { showDownload, setSettingsOpen } = useLayout()
  const [isUnfolded, setUnfolded] = useState(false)
  if (status === null || status.state === 'ready') return null
  const { state, offeredAddress } = status
  const tried = state === 'not-installed' ? status.triedAddresses.map(shownAddress) : []
  const canDownload = status.product === 'ollama' && (state === 'no-model' || state === 'model-missing')
  const moveTo = async (address: string): Promise<void> => {
    const error = await setServer(address)
    if (error !== null) showFailure(error)
  }
  return (
    <section
      aria-label={t('model.region')}
      data-testid="model-card"
      data-state={state}
      className="appear flex gap-4 rounded-xl border border-line bg-raised px-5 py-4"
    >
      <span
        aria-hidden
        className={classNames('mt-[7px] size-[7px] shrink-0 rounded-full bg-warning', state === 'loading' && 'breathe')}
      />
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">{t(`model.${state}.title`)}</h3>
        <p className="selectable mt-1 leading-[22px] wrap-anywhere text-soft">{cardText(t, status)}</p>
        {isUnfolded && <p className="appear mt-2 leading-[22px] text-soft">{t('model.how-steps')}</p>}
        {pull !== null && (
          <div className="mt-3">
            <PullProgress />
          </div>
        )}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {state === 'not-installed' && (
            <Button aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
              {t('model.how')}
            </Button>
          )}
          {offeredAddress !== null && (
            <Button look="primary" onClick={() => void moveTo(offeredAddress)}>
              {t('model.use-offered', { address: shownAddress(offeredAddress) })}
            </Button>
          )}
          {canDownload && !isPulling(pull) && (
            <Button
              look="primary"
              onClick={() => showDownload({ name: (state === 'model-missing' && status.chosenModel) || '' })}
            >
              {t('models.download')}
            </Button>
          )}
          {needsSettings.has(state) && <Button onClick={() => setSettingsOpen(true)}>{t('settings.open')}</Button>}
          <Button disabled={isChecking} onClick={() => void check()}>
            {isChecking ? t('model.checking') : t('model.check')}
          </Button>
          {tried.length > 0 && (
            <p className="selectable tabular px-1 text-[12.5px] text-soft">
              {t('model.tried', { addresses: tried.join(t('model.tried-joiner')) })}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
