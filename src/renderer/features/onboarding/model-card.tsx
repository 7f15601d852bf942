import { type ReactElement, useState } from 'react'
import { Button } from '../../components/button.tsx'
import type { ModelServerStatus } from '../../../shared/model-server.ts'
import { type Translate, useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'

interface CardText {
  readonly title: string
  readonly text: string
  /** The steps can be unfolded: there is something to install. */
  readonly hasSteps: boolean
  readonly hasCommand: boolean
}

/** What is missing and the next step, or null when a model is ready. */
function cardText(t: Translate, status: ModelServerStatus): CardText | null {
  switch (status.state) {
    case 'ready':
      return null
    case 'unreachable':
      return { title: t('model.unreachable-title'), text: t('model.unreachable'), hasSteps: true, hasCommand: false }
    case 'no-model':
      return { title: t('model.no-model-title'), text: t('model.no-model'), hasSteps: false, hasCommand: true }
    case 'model-missing':
      return {
        title: t('model.missing-title'),
        text: t('model.missing', { model: status.chosenModel ?? '' }),
        hasSteps: false,
        hasCommand: false,
      }
    case 'refused':
      return { title: t('model.refused-title'), text: t('model.refused'), hasSteps: false, hasCommand: false }
  }
}

const Command = ({ text }: { readonly text: string }): ReactElement => (
  <code className="selectable mt-2 inline-block rounded-md bg-paper px-2.5 py-1 font-mono text-[12.5px] text-ink">
    {text}
  </code>
)

/** The quiet card about the model server: what is wrong, what to do, and a way to look again. Nothing waits for it. */
export function ModelCard(): ReactElement | null {
  const { t } = useTranslate()
  const { status, isChecking, check } = useModels()
  const [isUnfolded, setUnfolded] = useState(false)
  const card = status === null ? null : cardText(t, status)
  if (card === null || status === null) return null
  const tried = status.triedAddresses.map((address) => address.replace(/^https?:\/\//, ''))
  return (
    <section
      aria-label={t('model.region')}
      data-testid="model-card"
      data-state={status.state}
      className="appear flex gap-4 rounded-xl border border-line bg-raised px-5 py-4"
    >
      <span aria-hidden className="mt-[7px] size-[7px] shrink-0 rounded-full bg-warning" />
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">{card.title}</h3>
        <p className="mt-1 leading-[22px] text-soft">{card.text}</p>
        {card.hasCommand && <Command text={t('model.command')} />}
        {isUnfolded && card.hasSteps && (
          <div className="appear mt-2">
            <p className="leading-[22px] text-soft">{t('model.how-steps')}</p>
            <Command text={t('model.command')} />
          </div>
        )}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {card.hasSteps && (
            <Button aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
              {t('model.how')}
            </Button>
          )}
          <Button disabled={isChecking} onClick={() => void check()}>
            {isChecking ? t('model.checking') : t('model.check')}
          </Button>
          {status.state === 'unreachable' && tried.length > 0 && (
            <p className="selectable tabular px-1 text-[12.5px] text-soft">
              {t('model.tried', { addresses: tried.join(t('model.tried-joiner')) })}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
