import { Text } from 'lucide-react'
import type { ReactElement } from 'react'
import { type Finding, mostSummarisedRows } from '../../../shared/findings.ts'
import { canAskModel } from '../../../shared/model-server.ts'
import { Button } from '../../components/button.tsx'
import { Tip } from '../../components/tip.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useConversations } from '../conversation/conversation-store.ts'
import { streamingTurn } from '../conversation/turn-window.ts'
import { useModels } from '../settings/models-store.ts'
import { type FindingsRun, useFindings } from './findings-store.ts'

/** Asks the model for a summary of the chosen rows, in the conversation: there it streams, stops and is kept like any answer. */
export function SummariseButton({
  run,
  shown,
}: {
  readonly run: FindingsRun
  readonly shown: readonly Finding[]
}): ReactElement | null {
  const { t } = useTranslate()
  const chosen = useFindings((state) => state.chosen)
  const hasModel = useModels(({ status, isQuotesOnly }) => status !== null && canAskModel(status) && !isQuotesOnly)
  const passages = shown.filter(({ passage }) => chosen.has(passage.documentId)).map(({ passage }) => passage.id)
  if (passages.length === 0) return null
  const problem = !hasModel
    ? t('findings.summarise-no-model')
    : passages.length > mostSummarisedRows
      ? t('findings.summarise-too-many', { count: mostSummarisedRows })
      : null
  const summarise = (): void => {
    const conversations = useConversations.getState()
    if (streamingTurn(conversations.byId.get(conversations.currentId)) !== null) conversations.startNew()
    const subject = run.summary?.subject ?? run.query
    useConversations.getState().ask(t('findings.summarise-question', { count: passages.length, subject }), {
      mode: 'auto',
      basis: 'documents',
      scope: run.scope,
      summarise: passages,
    })
    useFindings.getState().close()
  }
  const button = (
    <Button
      data-testid="findings-summarise"
      aria-disabled={problem !== null}
      onClick={() => problem === null && summarise()}
    >
      <Text size={14} aria-hidden />
      {t('findings.summarise', { count: passages.length })}
    </Button>
  )
  return problem === null ? button : <Tip label={problem}>{button}</Tip>
}
