import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { request } from '../../api.ts'
import { showFailure, showNotice } from '../../components/notices.ts'
import type { PageLanguage, Translate } from '../../i18n/translate.ts'

/** Main asks where to; with `answerId` that answer alone is saved. */
export async function saveAsMarkdown(
  t: Translate,
  id: ConversationId,
  answerId: MessageId | null,
  language: PageLanguage,
): Promise<void> {
  const result = await request('conversations:export', { id, answerId, language })
  if (!result.ok) showFailure(result.error)
  else if (result.value.isSaved) showNotice(t('conversations.exported'))
}
