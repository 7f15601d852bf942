import { type ReactElement, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { classNames } from '../../components/class-names.ts'
import { showFailure } from '../../components/notices.ts'
import { canAskModel, type ModelServerStatus } from '../../../shared/model-server.ts'
import { errorText } from '../../i18n/error-text.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'

/** One sentence and the next step. */
function cardText(t: Translate, status: ModelServerStatus): string {
  if (status.state === 'not-installed') return t('model.not-installed')
  const sentence = status.problem === null ? '' : errorText(t, status.problem)
  return canAskModel(status) ? sentence : `${sentence} ${t('model.until-then')}`
}

const shownAddress = (address: string): string => address.replace(/^https?:\/\//, '')

/** The quiet card about the model server: what is wrong, what to do, and a way to look again. Nothing waits for it. */
export function ModelCard(): ReactElement | null {
  const { t } = useTranslate()
  const { status, isChecking, check, setServer } = useModels()
  const [isUnfolded, setUnfolded] = useState(false)
  if (status === null || status.state === 'ready') return null
  const { state, offeredAddress } = status
  const tried = state === 'not-installed' ? status.triedAddresses.map(shownAddress) : []
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
