/** A model worth offering. Sizes are those of Ollama's library, rounded; memory is what lets it run beside other programs. */
export interface RecommendedModel {
  readonly name: string
  readonly sizeBytes: number
  readonly memoryBytes: number
}

const gigabyte = 1_000_000_000

/** Small to large. All of them write English and Chinese. */
export const recommendedModels: readonly RecommendedModel[] = [
  { name: 'qwen3:1.7b', sizeBytes: 1.4 * gigabyte, memoryBytes: 4 * gigabyte },
  { name: 'gemma3:4b', sizeBytes: 3.3 * gigabyte, memoryBytes: 8 * gigabyte },
  { name: 'qwen3:4b', sizeBytes: 2.5 * gigabyte, memoryBytes: 8 * gigabyte },
  { name: 'qwen3:8b', sizeBytes: 5.2 * gigabyte, memoryBytes: 16 * gigabyte },
  { name: 'qwen3:14b', sizeBytes: 9.3 * gigabyte, memoryBytes: 32 * gigabyte },
]

/** The largest that suits this computer, else the smallest: systems report a little less memory than is built in. */
export function suitableModel(memoryBytes: number | null): RecommendedModel | null {
  if (memoryBytes === null) return null
  return recommendedModels.findLast((model) => fits(model, memoryBytes)) ?? recommendedModels[0] ?? null
}

/** Whether a model runs beside other programs in so much memory. */
export function fits(model: RecommendedModel, memoryBytes: number): boolean {
  return model.memoryBytes <= memoryBytes * 1.1
}
