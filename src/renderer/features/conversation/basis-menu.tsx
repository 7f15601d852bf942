import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import type { AnswerBasis } from '../../../shared/search-trace.ts'
import { menuLine } from '../../components/menu.tsx'
import { PillMenu } from '../../components/pill-menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useSettings } from '../settings/settings-store.ts'
import { useAnswersInQuotes } from './model-menu.tsx'

const bases = ['documents', 'general'] as const

/** What the next question may be answered from. */
export function useBasis(): AnswerBasis {
  return useSettings((state) => (state.settings?.generalKnowledge === true ? 'general' : 'documents'))
}

/** The documents alone, or also what the model knows by itself. Nothing where no model answers: quotations are from documents. */
export function BasisMenu(): ReactElement | null {
  const { t } = useTranslate()
  const isQuotes = useAnswersInQuotes()
  const change = useSettings((state) => state.change)
  const basis = useBasis()
  if (isQuotes) return null
  const shown = t(basis === 'general' ? 'basis.general' : 'basis.documents')
  return (
    <PillMenu testId="basis-menu" label={t('basis.label')} shown={shown} surfaceClass="max-w-[380px]">
      <DropdownMenu.RadioGroup
        value={basis}
        onValueChange={(value) => void change({ generalKnowledge: value === 'general' })}
      >
        {bases.map((value) => (
          <DropdownMenu.RadioItem key={value} value={value} className={`${menuLine} h-auto items-start py-1.5`}>
            <span className="mt-0.5 w-4 shrink-0">
              <DropdownMenu.ItemIndicator>
                <Check size={14} aria-hidden className="text-accent" />
              </DropdownMenu.ItemIndicator>
            </span>
            <span className="min-w-0 flex-1">
              <span className="block">{t(`basis.${value}`)}</span>
              <span className="block text-[12px] leading-[17px] text-soft">{t(`basis.${value}-detail`)}</span>
            </span>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </PillMenu>
  )
}
