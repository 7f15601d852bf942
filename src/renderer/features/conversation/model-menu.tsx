import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import { useLayout } from '../../components/layout-store.ts'
import { menuLine } from '../../components/menu.tsx'
import { PillMenu } from '../../components/pill-menu.tsx'
import { canAskModel, type ModelSummary } from '../../../shared/model-server.ts'
import { formatBytes, formatCount } from '../../i18n/format.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useModels } from '../settings/models-store.ts'

const quotesValue = 'quotes'

/** True when the next question is answered by quotations, chosen or for want of a model. */
export function useAnswersInQuotes(): boolean {
  return useModels((state) => state.isQuotesOnly || state.status === null || !canAskModel(state.status))
}

/** Who answers the next question: one of the local models, or nobody (quotations). */
export function ModelMenu(): ReactElement {
  const { t, language } = useTranslate()
  const { status, choose, chooseQuotes, loadDetails } = useModels()
  const showDownload = useLayout((state) => state.showDownload)
  const isQuotes = useAnswersInQuotes()
  const shown = isQuotes ? t('composer.quotes') : (status?.chosenModel ?? t('composer.quotes'))
  const models = status?.models ?? []
  const shortFacts = ({ parameterSize, sizeBytes, contextTokens }: ModelSummary): string =>
    [
      parameterSize,
      sizeBytes === null || sizeBytes === 0 ? null : formatBytes(sizeBytes, language),
      contextTokens === null ? null : t('models.context', { tokens: formatCount(contextTokens, language) }),
    ]
      .filter((fact) => fact !== null)
      .join(' · ')
  return (
    <PillMenu
      testId="model-menu"
      label={t('composer.model')}
      shown={shown}
      onOpen={() => void loadDetails()}
      pillClass="max-w-64"
      surfaceClass="max-w-[520px]"
    >
      <DropdownMenu.RadioGroup
        value={isQuotes ? quotesValue : `model ${status?.chosenModel ?? ''}`}
        onValueChange={(value) => (value === quotesValue ? chooseQuotes() : void choose(value.slice('model '.length)))}
      >
        {models.map((model) => (
          <DropdownMenu.RadioItem key={model.name} value={`model ${model.name}`} className={menuLine}>
            <span className="w-4 shrink-0">
              <DropdownMenu.ItemIndicator>
                <Check size={14} aria-hidden className="text-accent" />
              </DropdownMenu.ItemIndicator>
            </span>
            <span className="min-w-0 flex-1 truncate">{model.name}</span>
            <span className="tabular ml-4 shrink-0 text-[12px] text-soft">{shortFacts(model)}</span>
            {model.isLoaded && (
              <span className="shrink-0 rounded-full bg-wash px-2 text-[12px] leading-5 text-accent">
                {t('models.loaded')}
              </span>
            )}
          </DropdownMenu.RadioItem>
        ))}
        {models.length === 0 && (
          <DropdownMenu.Item disabled className={menuLine}>
            <span className="w-4 shrink-0" />
            {t('composer.no-model')}
          </DropdownMenu.Item>
        )}
        <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />
        <DropdownMenu.RadioItem value={quotesValue} className={menuLine}>
          <span className="w-4 shrink-0">
            <DropdownMenu.ItemIndicator>
              <Check size={14} aria-hidden className="text-accent" />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="min-w-0 flex-1">{t('composer.quotes')}</span>
          <span className="ml-4 text-[12px] text-soft">{t('composer.quotes-detail')}</span>
        </DropdownMenu.RadioItem>
      </DropdownMenu.RadioGroup>
      {status?.product === 'ollama' && (
        <DropdownMenu.Item className={menuLine} onSelect={() => showDownload({ name: '' })}>
          <span className="w-4 shrink-0" />
          {t('models.download')}
        </DropdownMenu.Item>
      )}
      {status !== null && status.refusedModels.length > 0 && (
        <p className="max-w-80 px-2.5 pt-1 pb-1.5 text-[12px] text-soft">
          {t('composer.refused', { names: status.refusedModels.join(language === 'zh-CN' ? '、' : ', ') })}
        </p>
      )}
    </PillMenu>
  )
}
