import type { ExportFormat } from '../../../shared/export-format.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { showFailure, showNotice } from '../../components/notices.ts'
import type { PageLanguage, Translate } from '../../i18n/translate.ts'

/** Main asks where to; with `answerId` that answer alone is saved. */
export async function saveAs(
  t: Translate,
  what: {
    readonly id: ConversationId
    readonly answerId: MessageId | null
    readonly format: ExportFormat
    readonly language: PageLanguage
  },
): Promise<void> {
  const result = await request('conversations:export', what)
  if (!result.ok) showFailure(result.error)
  else if (result.value.isSaved) showNotice(t('conversations.exported'))
}
