import type { ListedModel } from './ollama-replies.ts'

/** The name as the server lists it: Ollama means `:latest` where no tag is given. */
export function withTag(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`
}

/** Ollama matches names without regard to case. */
export function isSameModel(name: string, other: string): boolean {
  return withTag(name).toLowerCase() === withTag(other).toLowerCase()
}

/** True for the names of models that Ollama runs on its makers' computers: `glm-4.6:cloud`, `gpt-oss:120b-cloud`. */
export function isCloudName(name: string): boolean {
  return /[:-]cloud$/i.test(name.trim())
}

/** True when the server would not run the model itself: a cloud name, or a listed model that points to another host. */
export function isCloudModel(model: Pick<ListedModel, 'name' | 'remote_host' | 'remote_model'>): boolean {
  return isCloudName(model.name) || Boolean(model.remote_host) || Boolean(model.remote_model)
}

/**
 * True for models that can only embed. A server that lists capabilities is believed; otherwise the family (all kinds of
 * BERT) or the name (`qwen3-embedding`, `embeddinggemma`) tells.
 */
export function isEmbeddingOnly(model: Pick<ListedModel, 'name' | 'details' | 'capabilities'>): boolean {
  if (model.capabilities !== null && model.capabilities !== undefined && model.capabilities.length > 0) {
    return !model.capabilities.includes('completion')
  }
  const families = [model.details?.family ?? '', ...(model.details?.families ?? [])]
  return families.some((family) => /bert/i.test(family)) || /embed/i.test(model.name)
}
