import type { ModelSummary } from '../../../shared/model-server.ts'
import { formatBytes, formatCount } from '../../i18n/format.ts'
import type { PageLanguage, Translate } from '../../i18n/translate.ts'

/** What is known of a model, in words: size, context, abilities; what is not known is left out. */
export function modelFacts(t: Translate, language: PageLanguage, model: ModelSummary): string {
  const abilities = (model.abilities ?? []).filter((ability) => ability !== 'completion')
  return [
    model.parameterSize,
    model.quantization,
    model.sizeBytes === null || model.sizeBytes === 0 ? null : formatBytes(model.sizeBytes, language),
    model.contextTokens === null ? null : t('models.context', { tokens: formatCount(model.contextTokens, language) }),
    ...abilities.map((ability) => t(`ability.${ability}`)),
  ]
    .filter((fact) => fact !== null)
    .join(' · ')
}
